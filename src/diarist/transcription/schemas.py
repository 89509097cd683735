"""Transcripts on the wire, as `formats.json_document` writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.json_schema import SkipJsonSchema

from diarist.domain.coverage import CoverageLabel
from diarist.transcription.formats.form import MEDIA_TYPES, TranscriptFormat

_WORD: JsonDict = {"start": 12.4, "end": 12.62, "text": "I", "probability": 0.98}
_EXAMPLE: JsonDict = {
    "schema_version": 1,
    "duration": 61.44,
    "language": "en",
    "language_probability": 0.99,
    "languages": {"en": 3.5},
    "engine": "faster-whisper",
    "model": "base",
    "sound_filter": None,
    "partial": False,
    "text": "I called Anna about the garden.",
    "segments": [
        {
            "id": 0,
            "start": 12.4,
            "end": 15.9,
            "text": "I called Anna about the garden.",
            "probability": 0.91,
            "no_speech_probability": 0.02,
            "compression_ratio": 1.1,
            "temperature": 0.0,
            "suspicions": [],
            "language": None,
            "words": [_WORD],
        }
    ],
    "withdrawn": [
        {"start": 40.1, "end": 41.3, "text": "Thanks for watching!", "suspicions": ["phantom_phrase"], "replaced": False}
    ],
    "gaps": [],
    "coverage": {
        "totals": {"transcribed": 4.21, "suspect": 0.0, "dropped_speech": 3.4, "no_speech": 53.83, "pending": 0.0},
        "spans": [
            {"start": 0.0, "end": 12.15, "label": "no_speech", "reason": "sound"},
            {"start": 12.15, "end": 16.36, "label": "transcribed", "reason": ""},
            {"start": 16.36, "end": 30.0, "label": "no_speech", "reason": "silence"},
            {"start": 30.0, "end": 33.4, "label": "dropped_speech", "reason": "no_words"},
            {"start": 33.4, "end": 61.44, "label": "no_speech", "reason": "silence"},
        ],
    },
    "trust": 54,
}
_DOCUMENTED = ConfigDict(use_attribute_docstrings=True, extra="forbid")


def _undefaulted(schema: JsonDict) -> None:
    schema.pop("default", None)


Channel = Annotated[Annotated[int, Field(ge=0)] | SkipJsonSchema[None], Field(json_schema_extra=_undefaulted)]
"""Never null where it is written, but left out."""


class Word(BaseModel):
    """One spoken word."""

    model_config = _DOCUMENTED

    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    text: str
    """As written, punctuation attached."""
    probability: float
    """The engine's own belief, 0 to 1."""
    channel: Channel = None
    """0 for left and 1 for right where each channel is another voice; left out where they are mixed."""


class Segment(BaseModel):
    """A phrase as the engine timed it."""

    model_config = _DOCUMENTED

    id: int
    """Its place in the transcript, from 0; citations name it."""
    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    text: str
    probability: float
    """Geometric mean of the token probabilities, 0 to 1."""
    no_speech_probability: float
    """The engine's belief that nothing was said, 0 to 1."""
    compression_ratio: float
    """Bytes of the text over bytes of its compressed form; loops score high."""
    temperature: float
    """Sampling temperature of the attempt that was kept."""
    suspicions: list[str]
    """Codes of what speaks against this text, such as `repetition`; empty when nothing does."""
    language: str | None
    """ISO 639-1, where it is another than the transcript's."""
    words: list[Word]
    channel: Channel = None
    """0 for left and 1 for right where each channel is another voice; left out where they are mixed."""


class Withdrawn(BaseModel):
    """A text that was heard at first and does not stand in the transcript, because a second hearing spoke against it."""

    model_config = _DOCUMENTED

    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    text: str
    suspicions: list[str]
    """Codes of what spoke against it."""
    replaced: bool
    """Whether another text stands in its place; else nothing does."""
    channel: Channel = None
    """0 for left and 1 for right where each channel is another voice; left out where they are mixed."""


class Gap(BaseModel):
    """A stretch that could not be transcribed."""

    model_config = _DOCUMENTED

    start: float
    """Seconds from the start of the recording."""
    end: float
    """Seconds from the start of the recording."""
    code: str
    """Stable name for machines."""
    message: str
    """One sentence for people."""


class CoverageSpan(BaseModel):
    """A stretch of time with one label."""

    model_config = _DOCUMENTED

    start: float
    """Seconds from the start of the recording, to the millisecond."""
    end: float
    """Seconds from the start of the recording, to the millisecond."""
    label: CoverageLabel
    """What became of it; `dropped_speech` is voice without text, `pending` is still to be heard."""
    reason: str
    """Code of why: a suspicion, an error, `no_words`, `no_voice`, `withdrawn`, `silence` or `sound`; may be empty."""


class CoverageTotals(BaseModel):
    """Seconds by label; to the millisecond they sum to the duration."""

    model_config = _DOCUMENTED

    transcribed: float
    suspect: float
    dropped_speech: float
    no_speech: float
    pending: float


class Coverage(BaseModel):
    """What became of every second of the recording."""

    model_config = _DOCUMENTED

    totals: CoverageTotals
    spans: list[CoverageSpan]
    """From 0 to the duration, without hole or overlap."""


class Transcript(BaseModel):
    """Ordered segments of a whole recording."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    schema_version: Literal[1]
    """Rises when a key is renamed, goes or changes its meaning; keys are added without."""
    duration: float
    """Seconds of the recording."""
    language: str | None
    """The language of most of the voiced time, ISO 639-1."""
    language_probability: float | None
    languages: dict[str, float]
    """Seconds of text in each language, the most spoken first."""
    engine: str
    model: str
    sound_filter: str | None
    """By which noise was taken out of what was heard; None where it was heard as it was recorded."""
    partial: bool
    """True while more is still to come."""
    text: str
    """All segments joined by single spaces."""
    segments: list[Segment]
    """In order of their start; only segments of different channels overlap."""
    withdrawn: list[Withdrawn]
    """In order of time; none of it stands in `segments` or `text`."""
    gaps: list[Gap]
    coverage: Coverage | None
    """None where it is not known."""
    trust: int | None
    """0 to 100: the share of the voiced time whose text can be expected to be right; None without speech, or coverage."""


def file_contents(forms: Iterable[TranscriptFormat]) -> dict[str, Any]:
    """How the API describes an answer in these formats; JSON has a model to describe it."""
    text = {"type": "string"}
    return {
        MEDIA_TYPES[form]: {"schema": text | {"format": "binary"} if form.binary else text}
        for form in forms
        if form is not TranscriptFormat.JSON
    }
