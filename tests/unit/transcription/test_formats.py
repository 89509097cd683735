import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.transcript import Segment, Transcript, Withdrawn
from diarist.transcription import schemas
from diarist.transcription.formats.form import MEDIA_TYPES, TranscriptFormat
from diarist.transcription.formats.rendering import render


def transcript(*segments: Segment) -> Transcript:
    return Transcript(
        duration=5000.0, language="en", language_probability=0.9, engine="scripted", model="words", segments=segments
    )


def segment(start: float, end: float, text: str) -> Segment:
    return Segment(start=start, end=end, text=text, probability=0.9)


TWO = transcript(segment(0.0, 1.5, "First & foremost."), segment(3661.25, 3662.0, "Second <b>."))


def test_plain_text_is_a_line_a_segment() -> None:
    assert render(TWO, TranscriptFormat.TXT) == "First & foremost.\nSecond <b>.\n"


def test_subrip_counts_from_one_with_commas_in_its_times() -> None:
    assert render(TWO, TranscriptFormat.SRT) == (
        "1\n00:00:00,000 --> 00:00:01,500\nFirst & foremost.\n\n2\n01:01:01,250 --> 01:01:02,000\nSecond <b>.\n"
    )


def test_webvtt_escapes_what_would_be_markup() -> None:
    assert render(TWO, TranscriptFormat.VTT) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nFirst &amp; foremost.\n\n01:01:01.250 --> 01:01:02.000\nSecond &lt;b&gt;.\n"
    )


def test_json_carries_the_ids_that_citations_name() -> None:
    document = json.loads(render(TWO, TranscriptFormat.JSON))
    assert [one["id"] for one in document["segments"]] == [0, 1]
    assert document["language"] == "en"


def test_json_shows_what_is_suspect_and_what_was_withdrawn_as_described() -> None:
    withdrawn = Withdrawn(start=9.0, end=9.5, text="Thank you.", suspicions=("phantom_phrase",), replaced=True)
    doubted = replace(TWO.segments[0], suspicions=("improbable", "too_fast"))
    document = json.loads(render(replace(TWO, segments=(doubted,), withdrawn=(withdrawn,)), TranscriptFormat.JSON))
    described = schemas.Transcript.model_validate(document)
    assert described.segments[0].suspicions == ["improbable", "too_fast"]
    assert document["withdrawn"] == [
        {"start": 9.0, "end": 9.5, "text": "Thank you.", "suspicions": ["phantom_phrase"], "replaced": True}
    ]
    assert "Thank you" not in document["text"]


@pytest.mark.parametrize(("form", "nothing"), [("txt", ""), ("srt", ""), ("vtt", "WEBVTT\n")])
def test_silence_is_an_empty_file_of_its_kind(form: str, nothing: str) -> None:
    assert render(transcript(), TranscriptFormat(form)) == nothing


def test_every_format_has_a_media_type() -> None:
    assert set(MEDIA_TYPES) == set(TranscriptFormat)


@given(st.floats(0, 359_999))
def test_times_are_to_the_millisecond_and_never_carry_over(seconds: float) -> None:
    line = render(transcript(segment(seconds, seconds, "x")), TranscriptFormat.SRT).splitlines()[1]
    match = re.fullmatch(r"(\d{2}):([0-5]\d):([0-5]\d),(\d{3}) --> .*", line)
    assert match
    hours, minutes, whole, thousandths = map(int, match.groups())
    assert abs(hours * 3600 + minutes * 60 + whole + thousandths / 1000 - seconds) <= 0.0005001
