"""Chooses between what was heard first and what was heard again; pure. `second_hearing` states the rule for readers."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.domain.bare_text import bare_words
from diarist.domain.transcript import Segment, Withdrawn
from diarist.ports.transcription_engine import UNCONFIRMED
from diarist.transcription.firewall import (
    LANGUAGE_FLIP,
    OVER_SILENCE,
    PHANTOM_PHRASE,
    REPETITION,
    SILENT,
    TOO_FAST,
    probability,
)

_UNVOICED = frozenset({OVER_SILENCE, PHANTOM_PHRASE, UNCONFIRMED})
"""Speak of a text that nobody said at all."""
_TOO_MANY = _UNVOICED | {REPETITION, TOO_FAST, LANGUAGE_FLIP}
"""Speak of more words than were said, or of words that cannot be counted against those of another language."""
_KEPT = 0.8
"""Share of its words that a text must not lose when nothing says that it had too many."""


def decide(first: Sequence[Segment], second: Sequence[Segment]) -> tuple[tuple[Segment, ...], tuple[Withdrawn, ...]]:
    """What stands, and what is withdrawn; both readings are of the same stretch, and judged."""
    if not _words(second):
        gone = [segment for segment in first if _nothing_there(segment)]
        return tuple(segment for segment in first if segment not in gone), tuple(_withdrawn(one, replaced=False) for one in gone)
    same = _words(first) == _words(second)
    if not _better(first, second) or not (same or _keeps_enough(first, second)):
        return tuple(first), ()
    return tuple(second), () if same else tuple(_withdrawn(one, replaced=True) for one in first)


def _better(first: Sequence[Segment], second: Sequence[Segment]) -> bool:
    """Fewer suspicions first, then more probable."""
    before, after = _doubt(first), _doubt(second)
    return after < before or (after == before and _belief(second) > _belief(first))


def _keeps_enough(first: Sequence[Segment], second: Sequence[Segment]) -> bool:
    meant = [segment for segment in first if not _TOO_MANY & set(segment.suspicions)]
    return len(_words(second)) >= _KEPT * len(_words(meant))


def _nothing_there(segment: Segment) -> bool:
    return bool(_UNVOICED & set(segment.suspicions)) or segment.no_speech_probability >= SILENT


def _doubt(segments: Sequence[Segment]) -> float:
    """How many suspicions a word is under, on average."""
    return _mean(segments, [len(segment.suspicions) for segment in segments])


def _belief(segments: Sequence[Segment]) -> float:
    return _mean(segments, [probability(segment) for segment in segments])


def _mean(segments: Sequence[Segment], values: Sequence[float]) -> float:
    weights = [max(1, len(bare_words(segment.text))) for segment in segments]
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)


def _words(segments: Sequence[Segment]) -> list[str]:
    return [word for segment in segments for word in bare_words(segment.text)]


def _withdrawn(segment: Segment, *, replaced: bool) -> Withdrawn:
    return Withdrawn(start=segment.start, end=segment.end, text=segment.text, suspicions=segment.suspicions, replaced=replaced)
