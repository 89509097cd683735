"""The contract of whatever takes noise out of a chunk's sound before an engine hears it.

Entry-point group `diarist.sound_filters`: each value is an `OpenSoundFilter`. Filters are synchronous code and run in the child
process that decodes. Only what an engine hears goes through them: the recording is never touched, and where voice is in it is
found in the sound as it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SoundFilter(Protocol):
    """Used for one recording after the other, chunk by chunk."""

    name: str
    """The entry point's name."""

    def clean(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same sound with less noise: as many samples, each at its time.

        `samples`: shape (n,), float32 in [-1, 1), mono, 16 kHz; a whole chunk, of minutes or of a few samples. The same chunk
        gives the same sound whatever came before it, so that a plan that is resumed goes on as it would have. Whatever this
        raises leaves the chunk as it was recorded, with a warning.
        """
        ...

    def close(self) -> None:
        """Free what was opened."""
        ...


OpenSoundFilter = Callable[[], SoundFilter]
"""Raises `Misconfigured`."""
