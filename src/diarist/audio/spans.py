"""From speech probabilities to stretches of speech, in favour of keeping too much: what is left out here is never transcribed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from diarist.audio.frames import SECONDS, SILENCE, SPEECH
from diarist.domain.audio import Span

_PAUSE, _LONG_PAUSE = math.ceil(1.0 / SECONDS), math.ceil(2.0 / SECONDS)
"""Frames; a shorter silence does not divide a stretch, a longer one always does, one between them if nothing murmurs in it."""
_SHORTEST = 2
"""Frames; a single one between two pauses is a click, over which Whisper would invent words."""
_MURMUR = 0.1
"""A stretch reaches out to its neighbours down to this probability, for words that begin or trail off quietly."""
_PADDING = 0.4
"""Seconds added on both sides."""


def speech_spans(probabilities: Sequence[float], duration: float) -> tuple[Span, ...]:
    """Where voice is heard in `duration` seconds, given the speech probability of each frame."""
    spans: list[Span] = []
    for first, end in _stretches(probabilities):
        start = max(0.0, first * SECONDS - _PADDING)
        if spans and start <= spans[-1].end:
            start = spans.pop().start
        spans.append(Span(start, min(duration, end * SECONDS + _PADDING)))
    return tuple(spans)


def _stretches(probabilities: Sequence[float]) -> Iterator[tuple[int, int]]:
    """The first frame of each stretch, and the frame after its last."""
    total = len(probabilities)
    for first, end in _voiced(probabilities):
        if end - first < _SHORTEST:
            continue
        while first > 0 and probabilities[first - 1] >= _MURMUR:
            first -= 1  # noqa: PLW2901
        while end < total and probabilities[end] >= _MURMUR:
            end += 1  # noqa: PLW2901
        yield first, total if total - end < _PAUSE else end  # no pause is known at the end: the talk may go on behind it


def _voiced(probabilities: Sequence[float]) -> Iterator[tuple[int, int]]:
    first, end, speaking = -1, 0, False
    for i, probability in enumerate(probabilities):
        if probability >= SPEECH:
            if first >= 0 and not speaking and _divides(probabilities[end:i]):
                yield first, end
                first = -1
            first, speaking = i if first < 0 else first, True
        elif probability < SILENCE and speaking:
            end, speaking = i, False
    if first >= 0:
        yield first, len(probabilities) if speaking else end


def _divides(pause: Sequence[float]) -> bool:
    if len(pause) >= _LONG_PAUSE:
        return True
    quiet = [i for i, probability in enumerate(pause) if probability < _MURMUR]
    # What trails off at the start and begins quietly at the end belongs to the words there.
    return len(quiet) >= _PAUSE and quiet[-1] - quiet[0] + 1 == len(quiet)
