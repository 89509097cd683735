import json
import subprocess
import sys

import pytest

from diarist.errors import NotSupported
from diarist.transcription.formats.form import MEDIA_TYPES, USUAL, TranscriptFormat
from diarist.transcription.formats.rendering import render
from made_transcripts import ORIGIN, gap, segment, transcript

TWO = transcript(segment(0.0, 1.5, "First & foremost."), segment(3661.25, 3662.25, "Second <b>."))
DOUBTED = transcript(segment(0.0, 1.5, "Yes. Yes.", suspicions=("repetition",)), gaps=(gap(60.0, 3600.0),), partial=True)


def as_text(of: str, told: object = TWO) -> str:
    return render(told, TranscriptFormat(of), ORIGIN, USUAL).decode()  # type: ignore[arg-type]


def test_plain_text_is_a_line_a_segment() -> None:
    assert as_text("txt") == "First & foremost.\nSecond <b>.\n"


def test_plain_text_says_what_is_doubtful_missing_and_to_come() -> None:
    assert as_text("txt", DOUBTED).splitlines() == [
        "[doubtful: repetition] Yes. Yes.",
        "[not transcribed, 1:00 to 1:00:00: The engine failed.]",
        "[this is what there is so far; more is to come]",
    ]


def test_subrip_counts_from_one_with_commas_in_its_times() -> None:
    assert as_text("srt") == (
        "1\n00:00:00,000 --> 00:00:01,500\nFirst & foremost.\n\n2\n01:01:01,250 --> 01:01:02,250\nSecond <b>.\n"
    )


def test_webvtt_escapes_what_would_be_markup() -> None:
    assert as_text("vtt") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nFirst &amp; foremost.\n\n01:01:01.250 --> 01:01:02.250\nSecond &lt;b&gt;.\n"
    )


def test_json_carries_the_ids_that_citations_name() -> None:
    document = json.loads(as_text("json"))
    assert [one["id"] for one in document["segments"]] == [0, 1]
    assert document["language"] == "en"


@pytest.mark.parametrize(("form", "nothing"), [("txt", ""), ("srt", ""), ("vtt", "WEBVTT\n")])
def test_silence_is_an_empty_file_of_its_kind(form: str, nothing: str) -> None:
    assert as_text(form, transcript()) == nothing


def test_every_format_has_a_media_type() -> None:
    assert set(MEDIA_TYPES) == set(TranscriptFormat)


@pytest.mark.parametrize(("form", "library"), [("docx", "docx"), ("pdf", "typst"), ("pdf", "manimgx_fonts_cjk")])
def test_without_the_extra_a_document_is_refused_with_advice(form: str, library: str) -> None:
    program = (
        f"import sys; sys.modules[{library!r}] = None\n"  # as if it were not installed
        "from made_transcripts import ORIGIN, transcript\n"
        "from diarist.transcription.formats.form import USUAL, TranscriptFormat\n"
        "from diarist.transcription.formats.rendering import render\n"
        "from diarist.errors import NotSupported\n"
        "try:\n"
        f"    render(transcript(), TranscriptFormat({form!r}), ORIGIN, USUAL)\n"
        "except NotSupported as error:\n"
        "    print(error.code, error.advice)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert ran.stdout.startswith(NotSupported.code)
    assert "pip install 'diarist[export]'" in ran.stdout


SPOKEN_BY = transcript(
    segment(0.0, 4.0, "I called Anna.", channel=0),
    segment(1.0, 2.0, "Yes?", channel=1),
    segment(3.0, 6.0, "Who?", channel=1, suspicions=("improbable",)),
)


def test_every_text_says_who_speaks_where_channels_tell() -> None:
    assert as_text("txt", SPOKEN_BY) == "Left: I called Anna.\nRight: Yes?\nRight: [doubtful: improbable] Who?\n"
    assert as_text("srt", SPOKEN_BY) == (
        "1\n00:00:00,000 --> 00:00:04,000\nLeft: I called Anna.\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nRight: Yes?\n\n"
        "3\n00:00:03,000 --> 00:00:06,000\nRight: [?] Who?\n"
    )
    vtt = as_text("vtt", SPOKEN_BY)
    assert "00:00:01.000 --> 00:00:02.000\n<v Right>Yes?</v>\n" in vtt
    assert "<v Right><c.doubtful>Who?</c></v>" in vtt
    paragraphs = as_text("md", SPOKEN_BY).splitlines()
    assert any(line.endswith("**Left:** I called Anna.") for line in paragraphs)
    assert any(line.endswith("**Right:** Yes? <mark>Who?</mark>[^1]") for line in paragraphs)
