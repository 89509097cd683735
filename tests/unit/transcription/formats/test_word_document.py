"""Word documents as `python-docx` reads them."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document

from diarist.domain.transcript import Transcript
from diarist.transcription.formats.document import Origin
from diarist.transcription.formats.reading import transcript_document
from diarist.transcription.formats.word_document import word_document as draw
from made_transcripts import ORIGIN, gap, spoken, transcript

TOLD = transcript(
    spoken(0.0, "We went out."),
    spoken(12.5, "Home home home.", suspicions=("repetition",)),
    spoken(15.0, "你好,世界。", between=""),
    gaps=(gap(60.0, 600.0),),
    duration=1300.0,
)


def word_document(told: Transcript, origin: Origin) -> bytes:
    return draw(transcript_document(told, origin))


@pytest.fixture(scope="module")
def read() -> Document:
    return docx.Document(BytesIO(word_document(TOLD, ORIGIN)))


def test_it_says_what_it_is(read: Document) -> None:
    about = read.core_properties
    assert (about.title, about.author, about.language) == (ORIGIN.title, "Diarist", "en")
    assert about.created == ORIGIN.spoken_at
    assert read.paragraphs[0].text == ORIGIN.title
    assert "duration: 21:40 · language: en · model: words" in read.paragraphs[1].text
    assert read.sections[0].header.paragraphs[0].text == ORIGIN.title


def test_every_word_stands_behind_its_time(read: Document) -> None:
    assert [paragraph.text for paragraph in read.paragraphs[2:]] == [
        "0:00",
        "0:00\tWe went out.",
        "0:12\tHome home home. 你好,世界。",
        "1:00\t[Not transcribed until 10:00: The engine failed. (engine_failed)]",
    ]
    assert read.paragraphs[2].style is not None
    assert read.paragraphs[2].style.name == "Heading 1"


def test_a_time_plays_its_moment(read: Document) -> None:
    [link] = read.paragraphs[4].hyperlinks
    assert (link.text, link.url) == ("0:12", f"{ORIGIN.audio_url}#t=12.50")


def test_a_doubt_is_a_comment(read: Document) -> None:
    [comment] = read.comments
    assert comment.text == "This may not be what was said: repetition."
    assert [run.text for run in read.paragraphs[4].runs if run.italic] == ["Home home home."]


def test_pages_are_numbered() -> None:
    with ZipFile(BytesIO(word_document(TOLD, ORIGIN))) as parts:
        [foot] = [parts.read(name).decode() for name in parts.namelist() if "footer" in name and name.endswith(".xml")]
    assert 'w:instr="PAGE"' in foot
    assert 'w:instr="NUMPAGES"' in foot


def test_controls_cannot_break_it() -> None:
    spoilt = transcript(spoken(0.0, "a\x00b\x0b\ud800 \ufffe c"), language=None)
    assert docx.Document(BytesIO(word_document(spoilt, ORIGIN))).paragraphs[-1].text == "0:00\ta b c"


def test_lines_run_from_right_to_left_where_the_language_does() -> None:
    with ZipFile(BytesIO(word_document(transcript(spoken(0.0, "שלום עולם"), language="he"), ORIGIN))) as parts:
        body = parts.read("word/document.xml").decode()
    assert "<w:bidi/>" in body
    assert "<w:rtl/>" in body


def test_a_paragraph_begins_with_who_speaks_where_that_is_known() -> None:
    told = transcript(spoken(0.0, "We went out.", channel=0), spoken(2.0, "When?", channel=1))
    word = docx.Document(BytesIO(word_document(told, ORIGIN)))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "0:00\tLeft: We went out." in texts
    assert "0:02\tRight: When?" in texts
