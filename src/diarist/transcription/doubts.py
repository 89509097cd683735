"""Which stretches of a chunk are heard a second time, and with what round them; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment
from diarist.transcription.firewall import LANGUAGE_FLIP, OVER_SILENCE
from diarist.transcription.intervals import Interval, union, within

BUDGET = 0.25
"""Share of a chunk's voiced seconds that is heard again at most; what is beyond that stays marked."""
BUDGET_AT_LEAST = 30.0
"""Seconds that are heard again even in a chunk that holds little voice: one window of Whisper."""
_SHORTEST = 10.0
"""Seconds that a hearing counts as at least, since an engine takes about that long over any shorter one."""
_LONGEST = 28.0
"""Seconds of a hearing, so that it fits a window of Whisper."""
_REACH = 3.0
"""Seconds round a suspect text that belong to it if no other text stands there: engines have been seen to be that far off."""
_SLIVER = 0.5
"""Seconds of voice beside a text over silence that are only the rim of the voice before or behind it."""
_CONTEXT = 1.0
"""Seconds of other text that are heard along on each side, so that no word is cut in two; their words are not taken.

None where the engine times no words: nothing would tell the words of others from those that are meant.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Suspect segments that follow each other."""

    first: int
    """The place of the first segment."""
    until: int
    """The place after the last."""
    span: Span
    """What belongs to them, in seconds of the chunk; up to the segments before and behind."""
    language: str | None
    """What is spoken there, ISO 639-1, where it is another than the chunk's."""
    weight: int
    """How much speaks against them."""
    unvoiced: bool
    """Whether all of them stand over silence."""
    context: float = _CONTEXT
    """Seconds on each side of the span that are heard along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearing:
    """Doubts that are heard again together."""

    doubts: tuple[Doubt, ...]
    speech: tuple[Span, ...]
    """What is heard; empty when no voice is near, which needs no engine."""


def doubts(segments: Sequence[Segment], duration: float) -> list[Doubt]:
    """The doubts of a chunk of `duration` seconds in order, not overlapping; `segments` as `firewall.judge` gives them."""
    found: list[Doubt] = []
    clock = 0.0
    for first, until in _stretches(segments):
        suspects = segments[first:until]
        start = max(clock, segments[first - 1].end if first else 0.0, suspects[0].start - _REACH)
        limit = segments[until].start if until < len(segments) else duration
        clock = max(start, min(limit, suspects[-1].end + _REACH))
        languages = {segment.language for segment in suspects if LANGUAGE_FLIP not in segment.suspicions}
        found.append(
            Doubt(
                first=first,
                until=until,
                span=Span(start, clock),
                language=languages.pop() if len(languages) == 1 else None,
                weight=sum(len(segment.suspicions) for segment in suspects),
                unvoiced=all(OVER_SILENCE in segment.suspicions for segment in suspects),
                context=_CONTEXT if all(segment.words for segment in suspects) else 0.0,
            )
        )
    return found


def rehearings(found: Sequence[Doubt], speech: Sequence[Span]) -> list[Rehearing]:
    """The doubts that are heard again, in order of time: of those with voice the weightiest that fit into the budget.

    `speech`: where voice was heard in the chunk, ascending.
    """
    planned = [Rehearing(doubts=tuple(group), speech=_heard(group, speech)) for group in _groups(found, speech)]
    left = max(BUDGET_AT_LEAST, BUDGET * _seconds(speech))
    chosen: list[Rehearing] = []
    for one in sorted(planned, key=lambda one: -sum(doubt.weight for doubt in one.doubts)):
        cost = max(_SHORTEST, _seconds(one.speech)) if one.speech else 0.0
        if cost <= left:
            left -= cost
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.doubts[0].first)


def _stretches(segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """First place and place after the last of suspects in a row that belong together."""
    suspect = [place for place, segment in enumerate(segments) if segment.suspicions]
    first: int | None = None
    for place, following in pairwise([*suspect, None]):
        assert place is not None  # noqa: S101 - for mypy: only the last is None
        first = place if first is None else first
        if following is not None and following == place + 1:
            near = segments[following].start - segments[place].end <= 2 * _REACH
            if near and segments[following].end - segments[first].start <= _LONGEST:
                continue
        yield first, place + 1
        first = None


def _groups(found: Sequence[Doubt], speech: Sequence[Span]) -> Iterator[list[Doubt]]:
    """Doubts that fit into one hearing; one without voice stands alone."""
    group: list[Doubt] = []
    for doubt in found:
        if not _is_voiced(doubt, speech):
            yield [doubt]
            continue
        if group and (doubt.span.end - group[0].span.start > _LONGEST or doubt.language != group[0].language):
            yield group
            group = []
        group.append(doubt)
    if group:
        yield group


def _heard(group: Sequence[Doubt], speech: Sequence[Span]) -> tuple[Span, ...]:
    if not _is_voiced(group[0], speech):
        return ()
    around = union((max(0.0, doubt.span.start - doubt.context), doubt.span.end + doubt.context) for doubt in group)
    return _voice_within(speech, around)


def _is_voiced(doubt: Doubt, speech: Sequence[Span]) -> bool:
    parts = _voice_within(speech, [(doubt.span.start, doubt.span.end)])
    return any(not doubt.unvoiced or part.duration > _SLIVER for part in parts)


def _voice_within(speech: Sequence[Span], limits: Sequence[Interval[float]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in within([(span.start, span.end) for span in speech], limits))


def _seconds(speech: Sequence[Span]) -> float:
    return sum(span.duration for span in speech)
