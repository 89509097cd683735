"""Measures loudness as people hear it, in constant memory: ITU-R BS.1770-4, gated as EBU R 128 says.

Of the mix to one channel at 16 kHz: what stereo adds and what sounds above 8 kHz is not counted: for speech, less than 1 LU.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from diarist.domain.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HOP = SAMPLE_RATE // 10
"""Samples of a quarter of a gating block: blocks of 400 ms overlap by three quarters."""
_QUARTERS = 4
_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
"""Numerators and denominators of the two filters that weight by ear, from tables 1 and 2 of BS.1770-4, at 48 kHz."""
_SLICE = 64
"""Hops that are turned into spectra at once: what they take stays in the processor's cache."""
_OFFSET = -0.691
_ABSOLUTE, _RELATIVE = -70.0, -10.0
"""Gates in LUFS and LU: quieter blocks do not count."""
_BINS_PER_LU, _LOUDEST = 10, 40.0
"""The histogram of the blocks; a float file may be far beyond full scale."""


class Loudness:
    """Integrated loudness of all blocks so far."""

    def __init__(self) -> None:
        bins = round((_LOUDEST - _ABSOLUTE) * _BINS_PER_LU)
        self._powers, self._counts = np.zeros(bins), np.zeros(bins, np.int64)
        self._weights = _weights()
        self._rest = np.zeros(0, np.float32)
        self._quarters = np.zeros(0)

    def add(self, block: NDArray[np.float32]) -> None:
        """`block`: shape (n,), 16 kHz mono; however the sound is divided among calls, the answer is the same to 0.00001 LU."""
        sound = np.concatenate((self._rest, block))
        hops = len(sound) // _HOP
        self._rest = sound[hops * _HOP :].copy()
        if not hops:
            return
        quarters = np.concatenate((self._quarters, self._weighted(sound[: hops * _HOP].reshape(hops, _HOP))))
        self._quarters = quarters[-(_QUARTERS - 1) :]
        if len(quarters) >= _QUARTERS:
            self._count(np.convolve(quarters, np.full(_QUARTERS, 1 / _QUARTERS), mode="valid"))

    @property
    def lufs(self) -> float | None:
        """LUFS; None when nothing is louder than the absolute gate."""
        total = int(self._counts.sum())
        if not total:
            return None
        gate = _loudness(float(self._powers.sum()) / total) + _RELATIVE
        first = max(0, math.ceil((gate - _ABSOLUTE) * _BINS_PER_LU))
        return _loudness(float(self._powers[first:].sum()) / int(self._counts[first:].sum()))

    def _weighted(self, hops: NDArray[np.float32]) -> NDArray[np.float64]:
        """The mean square of each hop, weighted by ear."""
        # As a spectrum: in numpy a filter that feeds back would be a loop of Python. A hop's edges leak a little.
        powers = np.empty(len(hops))
        for first in range(0, len(hops), _SLICE):
            # Real and imaginary parts side by side: their squares add up to those of the magnitudes.
            parts = np.fft.rfft(hops[first : first + _SLICE], axis=1).view(np.float32)
            powers[first : first + _SLICE] = np.square(parts, out=parts) @ self._weights
        return powers

    def _count(self, powers: NDArray[np.float64]) -> None:
        loudness = _OFFSET + 10 * np.log10(np.maximum(powers, 1e-12))
        heard = loudness > _ABSOLUTE
        places = np.minimum((loudness[heard] - _ABSOLUTE) * _BINS_PER_LU, len(self._counts) - 1).astype(np.int64)
        np.add.at(self._powers, places, powers[heard])
        np.add.at(self._counts, places, 1)


def _loudness(power: float) -> float:
    return _OFFSET + 10 * math.log10(power)


def _weights() -> NDArray[np.float32]:
    """For both parts of each frequency of a hop: what its square adds to the mean square."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(_HOP, 1 / SAMPLE_RATE) / 48_000)
    weights = np.full(len(z), 2.0)
    weights[0] = weights[-1] = 1.0
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        above, below = (sum(factor * z**power for power, factor in enumerate(factors)) for factors in (numerator, denominator))
        weights *= np.abs(above / below) ** 2
    return np.repeat(weights / _HOP**2, 2).astype(np.float32)
