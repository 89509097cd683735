"""Transcripts as the API tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diarist.domain.coverage import CoverageSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One spoken word; times are seconds from the start of the recording."""

    start: float
    end: float
    text: str
    """As written, punctuation attached."""
    probability: float
    """The engine's own belief, 0 to 1."""
    channel: int | None = None
    """0 for left and 1 for right where each channel is another voice; None where they are mixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A phrase as the engine timed it; times are seconds from the start of the recording."""

    id: int
    """Its place in the transcript, from 0; citations name it."""
    start: float
    end: float
    text: str
    probability: float
    """Geometric mean of the token probabilities, 0 to 1."""
    no_speech_probability: float
    """The engine's belief that nothing was said, 0 to 1."""
    compression_ratio: float
    """Bytes of the text over bytes of its compressed form; loops score high."""
    temperature: float
    """Sampling temperature of the attempt that was kept."""
    suspicions: tuple[str, ...]
    """Codes of what speaks against this text, such as `repetition`; empty when nothing does."""
    language: str | None
    """ISO 639-1, where it is another than the transcript's."""
    words: tuple[Word, ...]
    channel: int | None = None
    """0 for left and 1 for right where each channel is another voice; None where they are mixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A text that was heard at first and does not stand in the transcript, because a second hearing spoke against it."""

    start: float
    end: float
    text: str
    suspicions: tuple[str, ...]
    """Codes of what spoke against it."""
    replaced: bool
    """Whether another text stands in its place; else nothing does."""
    channel: int | None = None
    """0 for left and 1 for right where each channel is another voice; None where they are mixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch that could not be transcribed; times are seconds from the start of the recording."""

    start: float
    end: float
    code: str
    """Stable name for machines."""
    message: str
    """One sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageTotals:
    """Seconds by label; to the millisecond they sum to the duration."""

    transcribed: float
    suspect: float
    dropped_speech: float
    no_speech: float
    pending: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What became of every second of a recording."""

    totals: CoverageTotals
    spans: tuple[CoverageSpan, ...]
    """From 0 to the duration, without hole or overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Ordered segments of a whole recording, or of what has been heard of it so far."""

    schema_version: int
    """Rises when a key is renamed, goes or changes its meaning; keys are added without."""
    duration: float
    """Seconds of the recording."""
    language: str | None
    """The language of most of the voiced time, ISO 639-1."""
    language_probability: float | None
    languages: Mapping[str, float]
    """Seconds of text in each language, the most spoken first."""
    engine: str
    model: str
    sound_filter: str | None = None
    """What took noise out of what the engine heard; None where nothing did."""
    partial: bool
    """True while more is still to come."""
    text: str
    """All segments joined by single spaces."""
    segments: tuple[Segment, ...]
    """In order of their start; only segments of different channels overlap."""
    withdrawn: tuple[Withdrawn, ...]
    """In order of time; none of it stands in `segments` or `text`."""
    gaps: tuple[Gap, ...]
    coverage: Coverage | None
    """None where it is not known."""
    trust: int | None
    """0 to 100: the share of the voiced time whose text can be expected to be right; None without speech, or coverage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A document that the server has made."""

    content: bytes
    filename: str
    media_type: str
