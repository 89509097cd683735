"""Goes on with half as much at once when a device has no memory left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import structlog

Given = TypeVar("Given")
Made = TypeVar("Made")
_SIGNS = ("out of memory", "failed to allocate", "bad_alloc")
"""What CUDA, cuBLAS and C++ say, in small letters."""
log = structlog.get_logger(__name__)


class Halving(Generic[Given, Made]):
    """Does a batch as a whole or, out of memory, in halves; later batches are no larger than what went well after that."""

    def __init__(self, do: Callable[[Sequence[Given]], list[Made]]) -> None:
        """`do` gives one answer for each thing that it is given."""
        self._do = do
        self._most: int | None = None

    def __call__(self, batch: Sequence[Given]) -> list[Made]:
        """Raises what `do` raises, and out of memory for what cannot be divided."""
        most = self._most or len(batch)
        return [made for first in range(0, len(batch), most) for made in self._piece(batch[first : first + most])]

    def _piece(self, batch: Sequence[Given]) -> list[Made]:
        try:
            return self._do(batch)
        except (RuntimeError, MemoryError) as error:
            if len(batch) == 1 or not is_out_of_memory(error):
                raise
        half = len(batch) // 2
        self._most = min(self._most or half, half)
        log.warning("engine.out_of_memory", batch=half)
        return [*self._piece(batch[:half]), *self._piece(batch[half:])]


def is_out_of_memory(error: BaseException) -> bool:
    """Whether that is why it was raised."""
    return isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _SIGNS)
