"""Engine-timed text: words, segments and the transcript that holds them."""

from __future__ import annotations

from dataclasses import dataclass

from diarist.domain.audio import Span
from diarist.domain.coverage import Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One spoken word."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    text: str
    """As written, punctuation attached, no spaces round it."""
    probability: float
    """The engine's own belief, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A phrase as the engine timed it."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    text: str
    probability: float
    """Geometric mean of the token probabilities, 0 to 1."""
    words: tuple[Word, ...] = ()
    no_speech_probability: float = 0.0
    """The engine's belief that nothing was said, 0 to 1."""
    compression_ratio: float = 1.0
    """Bytes of the text over bytes of its zlib form; loops compress well, so they score high."""
    temperature: float = 0.0
    """Sampling temperature of the attempt that was kept; 0 is greedy or beam search."""
    suspicions: tuple[str, ...] = ()
    """Codes of what speaks against this text, such as `repetition`; empty when nothing does."""
    language: str | None = None
    """ISO 639-1, where it is another than the transcript's."""
    channel: int | None = None
    """The channel that it was said in, from 0, where each channel of the recording is another voice; that of its words too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A text that was heard at first and does not stand in the transcript, because a second hearing spoke against it."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    text: str
    suspicions: tuple[str, ...]
    """Codes of what spoke against it."""
    replaced: bool
    """Whether another text stands in its place; else nothing does."""
    channel: int | None = None
    """The channel that it was heard in, as a segment's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTranscript:
    """What an engine heard in one chunk; times are seconds from the start of the chunk."""

    language: str | None
    """ISO 639-1 code; None when there was nothing to tell it by."""
    language_probability: float | None
    segments: tuple[Segment, ...]
    engine: str
    model: str
    withdrawn: tuple[Withdrawn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch that could not be transcribed."""

    span: Span
    """Seconds from the start of the recording."""
    code: str
    """The error's code."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """Ordered segments of a whole recording; a segment's id is its place in `segments`."""

    duration: float
    """Seconds of the recording."""
    language: str | None
    """The language of most of the voiced time, ISO 639-1."""
    language_probability: float | None
    engine: str
    model: str
    segments: tuple[Segment, ...]
    """Times are seconds from the start of the recording, in order of their start; only segments of different channels overlap."""
    gaps: tuple[Gap, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    """In order of time; none of it stands in `segments`."""
    partial: bool = False
    """True while chunks are still to come."""
    coverage: Coverage | None = None
    """What became of every second; None where that is not known."""
    trust: int | None = None
    """0 to 100, see `transcription/trust.py`; None without speech, and where the coverage is not known."""
    sound_filter: str = ""
    """By which noise was taken out of what was heard; empty for none."""

    @property
    def text(self) -> str:
        """All segments joined by single spaces."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def channels(self) -> dict[int, float]:
        """Seconds of text in each channel that is a voice of its own; empty where the channels are mixed."""
        seconds: dict[int, float] = {}
        for segment in self.segments:
            if segment.channel is not None:
                seconds[segment.channel] = seconds.get(segment.channel, 0.0) + segment.end - segment.start
        return {channel: round(seconds[channel], 3) for channel in sorted(seconds)}

    @property
    def languages(self) -> dict[str, float]:
        """Seconds of text in each language, the most spoken first; without what no language could be told of."""
        seconds: dict[str, float] = {}
        for segment in self.segments:
            if language := segment.language or self.language:
                seconds[language] = seconds.get(language, 0.0) + segment.end - segment.start
        return {code: round(seconds[code], 3) for code in sorted(seconds, key=lambda code: -seconds[code])}
