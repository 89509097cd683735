"""Puts chunks together into one transcript; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript, Gap, Segment, Transcript, Withdrawn, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One chunk and what became of it; times are seconds from the start of the recording."""

    span: Span
    heard: ChunkTranscript | None
    """None when it has not been heard."""
    failure: tuple[str, str] | None = None
    """Error code and message, when it never will be by itself."""
    speech: tuple[Span, ...] = ()
    """Where voice was heard, in seconds from the start of the part, padded."""
    levels: tuple[int, ...] = ()
    """Root mean square of each second of the part in whole dB relative to full scale; empty where not measured."""
    channels: tuple[tuple[Span, ...], ...] = ()
    """Where voice was heard in each channel, as `speech`; empty where they are mixed."""
    sound_filter: str = ""
    """By which noise was taken out of it; empty for none."""


def merge(parts: Sequence[Part], duration: float) -> Transcript:
    """Join the parts, which are in order and do not overlap, into a transcript of `duration` seconds.

    Segments come out by their start and inside their chunk, words inside their segment; only segments of different channels
    overlap. Parts without text are gaps when they failed; the
    transcript is partial when one is still to come.
    """
    language, probability = _main_language(parts)
    apart = are_apart(parts)
    segments: list[Segment] = []
    clocks: defaultdict[int | None, float] = defaultdict(float)
    for part in parts:
        for segment in part.heard.segments if part.heard else ():
            spoken, channel = _language(segment, part), segment.channel if apart else None
            placed = _place(segment, part.span, clocks[channel], spoken if spoken != language else None)
            if placed.text:
                segments.append(placed if placed.channel == channel else replace(placed, channel=channel))
                clocks[channel] = placed.end
    if apart:
        segments.sort(key=lambda segment: segment.start)
    heard = [part.heard for part in parts if part.heard]
    return Transcript(
        duration=duration,
        language=language,
        language_probability=probability,
        engine=_joined(chunk.engine for chunk in heard),
        model=_joined(chunk.model for chunk in heard),
        segments=tuple(segments),
        withdrawn=tuple(
            _moved(one, part.span, apart=apart) for part in parts for one in (part.heard.withdrawn if part.heard else ())
        ),
        gaps=tuple(Gap(span=part.span, code=part.failure[0], message=part.failure[1]) for part in parts if part.failure),
        sound_filter=_joined(part.sound_filter for part in parts if part.heard and part.sound_filter),
        partial=any(part.heard is None and part.failure is None for part in parts),
    )


def are_apart(parts: Sequence[Part]) -> bool:
    """Whether voices are heard in more than one channel; in a single one they tell nobody apart."""
    return len({channel for part in parts for channel, spans in enumerate(part.channels) if spans}) > 1


def _place(segment: Segment, chunk: Span, earliest: float, language: str | None) -> Segment:
    start = _clamp(chunk.start + segment.start, max(earliest, chunk.start), chunk.end)
    end = _clamp(chunk.start + segment.end, start, chunk.end)
    words: list[Word] = []
    clock, offset = start, chunk.start
    for word in segment.words:
        # By hand, as `_clamp` and `replace` take twice as long: an hour of speech has ten thousand words.
        begin, stop = offset + word.start, offset + word.end
        begin = clock if begin < clock else end if begin > end else round(begin, 3)
        clock = begin if stop < begin else end if stop > end else round(stop, 3)
        words.append(Word(start=begin, end=clock, text=word.text, probability=word.probability))
    return replace(segment, start=start, end=end, text=segment.text.strip(), words=tuple(words), language=language)


def _moved(withdrawn: Withdrawn, chunk: Span, *, apart: bool) -> Withdrawn:
    start = _clamp(chunk.start + withdrawn.start, chunk.start, chunk.end)
    end = _clamp(chunk.start + withdrawn.end, start, chunk.end)
    return replace(withdrawn, start=start, end=end, channel=withdrawn.channel if apart else None)


def _clamp(value: float, low: float, high: float) -> float:
    return round(max(min(low, high), min(value, high)), 3)


def _language(segment: Segment, part: Part) -> str | None:
    return segment.language or (part.heard.language if part.heard else None)


def _main_language(parts: Sequence[Part]) -> tuple[str | None, float | None]:
    """The language of most of the spoken time, and the mean of its probabilities weighted by that time.

    A chunk tells the probability of its own language only, not of those that were spoken in it besides.
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    certain: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for part in parts:
        for segment in part.heard.segments if part.heard else ():
            language, length = _language(segment, part), segment.end - segment.start or 1e-3
            if language is not None:
                seconds[language] += length
            if part.heard and language is not None and language == part.heard.language:
                certain[language].append((length, part.heard.language_probability or 0.0))
    if not seconds:
        return None, None
    language = max(seconds, key=lambda code: (seconds[code], code))
    known = sum(length for length, _ in certain[language])
    return language, round(sum(length * p for length, p in certain[language]) / known, 4) if known else None


def _joined(names: Iterable[str]) -> str:
    """Each once; a chunk of which some was heard again by others names them all."""
    return ", ".join(dict.fromkeys(one for name in names for one in name.split(", ")))
