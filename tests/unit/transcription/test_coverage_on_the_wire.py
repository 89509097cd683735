"""Coverage and trust score in a transcript's document, as the schema describes them."""

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Transcript
from diarist.transcription import schemas
from diarist.transcription.formats.json_document import transcript_to_json
from diarist.transcription.merge import Part
from diarist.transcription.trust import assess

SEGMENT = Segment(start=2.0, end=6.0, text="First.", probability=0.92)
TRANSCRIPT = Transcript(
    duration=20.5, language="en", language_probability=0.9, engine="scripted", model="words", segments=(SEGMENT,)
)
PART = Part(span=Span(0.0, 20.5), heard=None, speech=(Span(2.0, 6.0), Span(10.0, 14.8)))


def test_a_document_holds_totals_spans_and_score_and_fits_its_schema() -> None:
    document = transcript_to_json(assess(TRANSCRIPT, [PART]))
    wire = schemas.Transcript.model_validate(document)
    assert wire.coverage is not None
    assert wire.coverage.totals.model_dump() == {
        "transcribed": 4.0,
        "suspect": 0.0,
        "dropped_speech": 4.0,
        "no_speech": 12.5,
        "pending": 0.0,
    }
    assert document["coverage"]["spans"][3] == {"start": 10.4, "end": 14.4, "label": "dropped_speech", "reason": "no_words"}
    assert document["trust"] == 46


def test_what_is_not_known_is_null() -> None:
    document = transcript_to_json(TRANSCRIPT)
    schemas.Transcript.model_validate(document)
    assert (document["coverage"], document["trust"]) == (None, None)


def test_the_example_of_the_documentation_fits_the_schema_and_its_totals_are_those_of_its_spans() -> None:
    (example,) = schemas.Transcript.model_json_schema()["examples"]
    coverage = schemas.Transcript.model_validate(example).coverage
    assert coverage is not None
    for label, total in coverage.totals.model_dump().items():
        assert round(sum(span.end - span.start for span in coverage.spans if span.label == label), 3) == total
    assert coverage.spans[-1].end == example["duration"]
