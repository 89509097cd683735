"""Moves words to where they sound: back by what their model is known to be late, and at pauses to where sound begins and ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Self

import numpy as np

from diarist.adapters.transcription_engines.windows import HOP, powers
from diarist.domain.audio import SAMPLE_RATE
from diarist.domain.transcript import Segment, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LATENESS = {"tiny.en": 0.085, "base": -0.05}
"""Seconds by which a model begins words late (early: negative) in the middle of speech: medians over speech whose phonemes the
voice itself timed, in quiet and noise, at three speeds. It comes with the attention heads by which a model is aligned. Models
that are not here were never measured, and are left as they are."""

_SHORTEST_PAUSE = 0.12
"""Seconds; less may be the closure of a "t"."""
_NEAR = 0.12
"""Seconds behind the end of a pause where a word may begin and still be the one that ends it."""
_EVENLY = 0.4
"""How far a border between two words is moved to where it would be if all letters took the same time; more gains nothing."""
_TOUCHING = 0.03
"""Seconds between two words that have no pause between them."""
_BELOW_SPEECH, _ABOVE_FLOOR = 35.0, 8.0
"""Decibels: a pause is quieter than loud speech by so much, or no louder than this above the quietest tenth."""


def lateness_of(model: str) -> float:
    """Seconds by which a model of this name begins words late."""
    return _LATENESS.get(model.rpartition("whisper-")[2], 0.0)


@dataclass(frozen=True, slots=True)
class Pauses:
    """Where nothing sounds, in seconds; ascending, not overlapping."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]

    @classmethod
    def of(cls, samples: NDArray[np.float32]) -> Self:
        """Those of a piece of sound, shape (n,), 16 kHz mono."""
        power = powers(samples)
        if not len(power):
            return cls((), ())
        level = 10 * np.log10(power + 1e-10)
        floor, loud = np.percentile(level, (10, 90))
        quiet = level < max(loud - _BELOW_SPEECH, floor + _ABOVE_FLOOR)
        edges = np.flatnonzero(np.diff(quiet.astype(np.int8), prepend=0, append=0))
        starts, ends = edges[::2] * HOP / SAMPLE_RATE, edges[1::2] * HOP / SAMPLE_RATE
        long = ends - starts >= _SHORTEST_PAUSE
        return cls(tuple(starts[long].tolist()), tuple(ends[long].tolist()))

    def onset(self, start: float, end: float) -> float:
        """Where a word begins that is said to sound from `start` to `end`."""
        place = bisect_left(self.ends, start - _NEAR)
        if place < len(self.ends) and self.starts[place] <= start and self.ends[place] < end:
            return self.ends[place]
        return start

    def offset(self, start: float, end: float) -> float:
        """Where it ends."""
        place = bisect_left(self.ends, end)
        if place < len(self.starts) and start < self.starts[place] <= end:
            return self.starts[place]
        return end


def timed(segments: Iterable[Segment], samples: NDArray[np.float32], lateness: float) -> Iterator[Segment]:
    """The segments, in order, with their words in better places; all in seconds of `samples` (shape (n,), 16 kHz mono).

    `lateness`: see `lateness_of`. Words ascend and do not overlap; a segment begins and ends with its words.
    """
    pauses = Pauses.of(samples)
    duration = len(samples) / SAMPLE_RATE
    clock = 0.0
    for segment in segments:
        words = list(_evened(list(_placed(segment.words, pauses, lateness, clock, duration))))
        if words:
            clock = words[-1].end
            yield replace(segment, start=words[0].start, end=clock, words=tuple(words))
        else:
            yield segment


def _placed(words: Sequence[Word], pauses: Pauses, lateness: float, clock: float, duration: float) -> Iterator[Word]:
    for word in words:
        start, end = word.start - lateness, word.end - lateness
        start, end = pauses.onset(start, end), pauses.offset(start, end)
        start = min(max(clock, start), duration)
        clock = min(max(start, end), duration)
        yield replace(word, start=start, end=clock)


def _evened(words: Sequence[Word]) -> Iterator[Word]:
    """Borders inside of speech moved a little: now and then the alignment leaves a word no time at all, and its neighbour two."""
    start = words[0].start if words else 0.0
    for word, following in zip_longest(words, words[1:]):
        if following is None or following.start - word.end > _TOUCHING:
            yield replace(word, start=start, end=max(start, word.end))
            start = following.start if following else start
        else:
            share = _length(word) / (_length(word) + _length(following))
            even = word.start + share * (following.end - word.start)
            border = max(start, following.start + _EVENLY * (even - following.start))
            yield replace(word, start=start, end=border)
            start = border


def _length(word: Word) -> int:
    """Letters, and one more, since no word is said in no time."""
    return 1 + sum(map(str.isalnum, word.text))
