"""Finds where a recording was too loud for its recorder: second by second, in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diarist.domain.audio import SAMPLE_RATE, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FULL = 0.99
"""Of full scale; resampling rounds the edges of what was cut off."""
_SAMPLES = SAMPLE_RATE // 500
"""Samples of a second at full scale in any channel, from which on it counts; a peak that just fits has fewer."""
_KEPT = 5
"""Stretches whose times are kept."""


class Overload:
    """Counts the seconds at full scale of all blocks so far."""

    def __init__(self) -> None:
        self.seconds = 0
        """Those that count."""
        self.first: list[Span] = []
        """The first stretches of them."""
        self._samples = 0
        self._full = 0
        """Samples at full scale in the second that has not ended."""

    def add(self, packed: NDArray[np.float32], channels: int) -> None:
        """`packed`: shape (samples * channels,), 16 kHz, one sample of every channel after the other."""
        samples = len(packed) // channels
        places = np.flatnonzero((packed >= _FULL) | (packed <= -_FULL)) // channels
        moments = np.unique(places) + self._samples % SAMPLE_RATE
        second = self._samples // SAMPLE_RATE
        self._samples += samples
        counts = np.bincount(moments // SAMPLE_RATE, minlength=self._samples // SAMPLE_RATE - second + 1)
        counts[0] += self._full
        for place in np.flatnonzero(counts[:-1] >= _SAMPLES):
            self._found(second + int(place))
        self._full = int(counts[-1])

    def _found(self, second: int) -> None:
        self.seconds += 1
        if self.first and self.first[-1].end == second:
            self.first[-1] = Span(self.first[-1].start, second + 1.0)
        elif len(self.first) < _KEPT:
            self.first.append(Span(float(second), second + 1.0))
