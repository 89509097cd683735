"""Cuts joined sound into windows that Whisper reads in one go: as full as can be, but in a pause."""

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
HOP = SAMPLE_RATE // 100
_QUIET = 25
"""Hops of 10 ms over which loudness is averaged: a pause between words, not the closure of a "t"."""
_NEARLY, _HUSH = 2.0, 0.001
"""A pause is a place that has so many times the energy of the quietest at most, or such a share of all sound's mean."""


def windows(samples: NDArray[np.float32], longest: float = LONGEST, earliest: float = _EARLIEST) -> list[Span]:
    """Adjoining windows over the whole of `samples` (shape (n,), 16 kHz mono), each `longest` at most; all in seconds."""
    duration = len(samples) / SAMPLE_RATE
    if duration <= longest:
        return [Span(0.0, duration)]
    energy = powers(samples)
    loudness = np.convolve(energy, np.full(_QUIET, 1 / _QUIET, np.float32), mode="same")
    hush = _HUSH * float(energy.mean())
    cuts = [0.0]
    while duration - cuts[-1] > longest:
        first, end = (round((cuts[-1] + seconds) * SAMPLE_RATE / HOP) for seconds in (earliest, longest))
        cuts.append((first + _last_pause(loudness[first:end], hush)) * HOP / SAMPLE_RATE)
    return [Span(start, end) for start, end in zip(cuts, [*cuts[1:], duration], strict=True)]


def powers(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean square of each whole `HOP` of samples."""
    hops = len(samples) // HOP
    means: NDArray[np.float32] = np.square(samples[: hops * HOP].reshape(hops, HOP)).mean(axis=1)
    return means


def _last_pause(loudness: NDArray[np.float32], hush: float) -> int:
    """The quietest hop of the last pause: each window costs the same, however little of it is filled."""
    quiet = loudness <= max(_NEARLY * float(loudness.min()), hush)
    end = len(quiet) - int(np.argmax(quiet[::-1]))
    loud_before = np.flatnonzero(~quiet[:end])
    start = int(loud_before[-1]) + 1 if len(loud_before) else 0
    return start + int(np.argmin(loudness[start:end]))
