"""Cuts joined sound into windows that Whisper reads in one go, each cut where it is quietest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diarist.domain.audio import SAMPLE_RATE, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 29.0
"""Seconds; Whisper's own window is 30."""
_EARLIEST = 15.0
"""Seconds into a window before which no cut is looked for."""
_HOP = SAMPLE_RATE // 100
_QUIET = 25
"""Hops of 10 ms over which loudness is averaged: a pause between words, not the closure of a "t"."""


def windows(samples: NDArray[np.float32], longest: float = LONGEST, earliest: float = _EARLIEST) -> list[Span]:
    """Adjoining windows over the whole of `samples` (shape (n,), 16 kHz mono), each `longest` at most; all in seconds."""
    duration = len(samples) / SAMPLE_RATE
    if duration <= longest:
        return [Span(0.0, duration)]
    hops = len(samples) // _HOP
    energy = np.square(samples[: hops * _HOP].reshape(hops, _HOP)).mean(axis=1)
    loudness = np.convolve(energy, np.full(_QUIET, 1 / _QUIET, np.float32), mode="same")
    cuts = [0.0]
    while duration - cuts[-1] > longest:
        first, end = (round((cuts[-1] + seconds) * SAMPLE_RATE / _HOP) for seconds in (earliest, longest))
        cuts.append((first + int(np.argmin(loudness[first:end]))) * _HOP / SAMPLE_RATE)
    return [Span(start, end) for start, end in zip(cuts, [*cuts[1:], duration], strict=True)]
