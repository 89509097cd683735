"""PDFs as `pypdf` reads them."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from diarist.domain.transcript import Transcript
from diarist.transcription.formats.document import Origin
from diarist.transcription.formats.pdf import pdf as draw
from diarist.transcription.formats.reading import transcript_document
from made_transcripts import ORIGIN, gap, spoken, transcript

TONGUES = {
    "en": "So I called Anna about the garden.",
    "ru": "Привет, мир.",
    "el": "Καλημέρα κόσμε.",
    "zh": "我们今天去公园散步了。",
    "ja": "今日は公園に行きました。",
    "ko": "안녕하세요 세계.",
    "ka": "გამარჯობა მსოფლიო.",
    "hy": "Բարեւ աշխարհ.",
}


def pdf(told: Transcript, origin: Origin) -> bytes:
    return draw(transcript_document(told, origin))


def read(document: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(BytesIO(document))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("language", TONGUES)
def test_every_script_can_be_read_back(language: str) -> None:
    _, text = read(pdf(transcript(spoken(0.0, TONGUES[language]), language=language), ORIGIN))
    assert f"0:00 {TONGUES[language]}" in text
    assert "No font has" not in text


def test_it_says_what_it_is_on_every_page() -> None:
    told = transcript(*(spoken(at * 20.0, "We walked on and on. " * 20 + "Then we came home.") for at in range(30)))
    reader, text = read(pdf(told, ORIGIN))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (ORIGIN.title, "Diarist")
    assert reader.metadata.creation_date == ORIGIN.spoken_at
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, start=1):
        assert page.extract_text().startswith(ORIGIN.title)
        assert f"{number} / {len(reader.pages)}" in page.extract_text()
    assert " ".join(text.split()).count("came home.") == 30
    assert "language: en" in text


def test_a_time_plays_its_moment_and_a_heading_is_in_the_outline() -> None:
    reader, _ = read(pdf(transcript(spoken(12.5, "We went out."), duration=1300.0), ORIGIN))
    links = [note["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert links == [f"{ORIGIN.audio_url}#t=12.50"]
    assert "0:12" in str(reader.outline)


def test_doubts_are_footnotes_and_gaps_are_named() -> None:
    told = transcript(spoken(0.0, "Home home home.", suspicions=("repetition",)), gaps=(gap(60.0, 600.0),), partial=True)
    _, text = read(pdf(told, ORIGIN))
    assert "0:00 Home home home.1" in text
    assert "1This may not be what was said: repetition." in text
    assert "1:00 [Not transcribed until 10:00: The engine failed. (engine_failed)]" in text
    assert "more is to come" in text


def test_what_cannot_be_drawn_is_named_instead() -> None:
    _, text = read(pdf(transcript(spoken(0.0, "Sumer 𒀀 said 😀."), language=None), ORIGIN))
    assert "No font has CUNEIFORM SIGN A: shown as \ufffd here" in text
    assert "0:00 Sumer \ufffd said 😀." in text


@pytest.mark.parametrize(
    "text", ["#set page(fill: red)", "*a* _b_ `c` $d$ <e> @f // g /* h", '"] #json("/etc/passwd")', "\\ \u2028 x"]
)
def test_what_was_said_is_never_markup(text: str) -> None:
    _, shown = read(pdf(transcript(spoken(0.0, text), language="not-a-language"), ORIGIN))
    assert "".join(text.split()) in "".join(shown.split())


def test_the_same_transcript_is_the_same_file() -> None:
    told = transcript(spoken(0.0, "We went out."))
    assert pdf(told, ORIGIN) == pdf(told, ORIGIN)


def test_a_paragraph_begins_with_who_speaks_where_that_is_known() -> None:
    _, text = read(pdf(transcript(spoken(0.0, "We went out.", channel=0), spoken(2.0, "When?", channel=1)), ORIGIN))
    assert "Left: We went out." in text
    assert "Right: When?" in text
