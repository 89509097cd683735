"""Measures how loud a stream is, block by block."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
