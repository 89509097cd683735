"""Measures how loud a stream is, block by block."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.flac import from_pcm
from diarist.domain.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FLOOR = -120
"""dB; nothing in 16 bits is quieter, but silence."""


class Level:
    """Peak and power of all blocks so far."""

    def __init__(self) -> None:
        self.samples = 0
        self.peak = 0.0
        """Largest absolute sample."""
        self._energy = 0.0

    def add(self, block: NDArray[np.float32]) -> None:
        """`block`: shape (n,), not empty."""
        self.samples += len(block)
        self.peak = max(self.peak, float(block.max()), -float(block.min()))
        self._energy += float(np.dot(block, block))

    @property
    def dbfs(self) -> float | None:
        """Root mean square in dB relative to full scale; None for digital silence."""
        return 10 * math.log10(self._energy / self.samples) if self._energy else None


def levels(pcm: NDArray[np.int16]) -> tuple[int, ...]:
    """Root mean square of each second of 16 kHz samples, the last one as far as it goes, in whole dB relative to full scale."""
    return tuple(_level(pcm[first : first + SAMPLE_RATE]) for first in range(0, len(pcm), SAMPLE_RATE))


def _level(pcm: NDArray[np.int16]) -> int:
    second = from_pcm(pcm)
    power = float(np.dot(second, second)) / len(second)
    return max(_FLOOR, round(10 * math.log10(power))) if power else _FLOOR
