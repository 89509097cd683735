"""Exported JSON against the schema that is published, by a validator that is not ours."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from diarist.domain.transcript import Transcript, Withdrawn
from diarist.transcription.formats.json_document import json_file
from diarist.transcription.schemas import Transcript as Described
from made_transcripts import gap, spoken, transcript, transcripts

SCHEMA = Path(__file__).parents[4] / "docs" / "reference" / "transcript.schema.json"
TOLD = transcript(
    spoken(0.0, "We went home.", suspicions=("repetition",), language="de"),
    gaps=(gap(60.0, 600.0),),
    withdrawn=(Withdrawn(start=3.0, end=4.0, text="Thanks.", suspicions=("phantom_phrase",), replaced=False),),
)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@given(transcripts())
def test_what_is_exported_is_what_the_schema_says(told: Transcript) -> None:
    document = json.loads(json_file(told))
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    Described.model_validate(document)  # refuses a key that is not described


def test_everything_that_a_transcript_can_hold_is_described(validator: jsonschema.Draft202012Validator) -> None:
    document = json.loads(json_file(TOLD))
    validator.validate(document)
    Described.model_validate(document)
    assert document["schema_version"] == 1
    assert document["segments"][0]["suspicions"] == ["repetition"]
    assert document["gaps"][0]["code"] == "engine_failed"


def _without_words(document: Any) -> None:
    del document["segments"][0]["words"]


def _with_times_as_text(document: Any) -> None:
    document["segments"][0]["start"] = "0:00"


def _of_another_version(document: Any) -> None:
    document["schema_version"] = 2


@pytest.mark.parametrize("spoil", [_without_words, _with_times_as_text, _of_another_version])
def test_the_schema_refuses_what_is_not_a_transcript(validator: jsonschema.Draft202012Validator, spoil: Any) -> None:
    document = json.loads(json_file(TOLD))
    spoil(document)
    assert not validator.is_valid(document)


def test_a_reader_bears_keys_that_are_added(validator: jsonschema.Draft202012Validator) -> None:
    assert validator.is_valid({**json.loads(json_file(TOLD)), "mood": "calm"})


def test_who_speaks_is_told_of_segments_words_and_what_was_withdrawn_where_that_is_known(
    validator: jsonschema.Draft202012Validator,
) -> None:
    said = (spoken(0.0, "We went home.", channel=0), spoken(0.3, "Really?", channel=1))
    taken_back = Withdrawn(start=0.3, end=1.0, text="Rally.", suspicions=("doubted",), replaced=True, channel=1)
    document = json.loads(json_file(transcript(*said, withdrawn=(taken_back,))))
    validator.validate(document)
    Described.model_validate(document)
    assert [one["channel"] for one in (*document["segments"], *document["withdrawn"])] == [0, 1, 1]
    assert [word["channel"] for one in document["segments"] for word in one["words"]] == [0, 0, 0, 1]
    mixed = json.loads(json_file(TOLD))
    assert not any("channel" in one for one in (*mixed["segments"], *mixed["segments"][0]["words"], *mixed["withdrawn"]))
