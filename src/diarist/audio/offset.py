"""Takes a constant offset out of a stream: cheap sound cards and some recorders do not rest at zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diarist.domain.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOTABLE = 0.002
"""Of full scale; less is left alone."""
_MEMORY = 5 * SAMPLE_RATE
"""Samples over which the offset is followed; a wave that is shorter is sound."""


class Centring:
    """Follows the offset from block to block."""

    def __init__(self) -> None:
        self.sum = 0.0
        """Of all samples as they came."""
        self._offset: float | None = None
        """What the next block begins with; None before the first."""
        self._applied = 0.0

    def __call__(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """`block`: shape (n,), not empty; the same without its offset. Digital silence stays what it is."""
        total = float(block.sum(dtype=np.float64))
        self.sum += total
        if not block.any():
            return block
        mean = total / len(block)
        begins = self._offset is None
        self._offset = (
            mean if self._offset is None else self._offset + (mean - self._offset) * len(block) / (len(block) + _MEMORY)
        )
        wanted = self._offset if abs(self._offset) >= _NOTABLE else 0.0
        before, self._applied = (wanted if begins else self._applied), wanted
        if before == wanted == 0.0:
            return block
        return block - np.linspace(before, wanted, len(block), dtype=np.float32)
