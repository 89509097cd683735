"""Mixes channels to one, so that nothing clips and no voice is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOUDEST = 64.0
"""A float file may say anything; what is so far beyond full scale is no sound."""
_LOST = 0.01
"""Power of the mix, relative to that of the loudest channel, below which the mix has lost it (20 dB)."""


_STEREO = 2
"""Channels."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A block of sound; what belongs together has the same times."""

    mixed: NDArray[np.float32]
    """Shape (n,)."""
    sides: NDArray[np.float32] | None = None
    """Left and right, shape (2, n); None for what is not stereo."""


class Downmix:
    """The mean of the channels; where that cancels a voice (a microphone wired the wrong way round) or drowns it among many
    silent channels, the loudest channel stands for all.
    """

    def __init__(self, layout: str) -> None:
        """`layout`: FFmpeg's name of it, such as `stereo`, `5.1` or `3 channels`."""
        names = [channel.name for channel in av.AudioLayout(layout).channels]
        self.channels = len(names)
        """Of the packed sound."""
        self._used = [i for i, name in enumerate(names) if not name.startswith("LFE")] or list(range(self.channels))

    def __call__(self, packed: NDArray[np.float32]) -> Sound:
        """`packed`: shape (samples * channels,), one sample of every channel after the other."""
        if not (packed.min() >= -_LOUDEST and packed.max() <= _LOUDEST):  # NaN, too, which would spoil all that comes after it
            packed = np.nan_to_num(packed, nan=0.0).clip(-_LOUDEST, _LOUDEST)
        if self.channels == 1:
            return Sound(packed)
        channels = [packed[i :: self.channels] for i in self._used]
        mixed = channels[0].copy()
        for channel in channels[1:]:
            mixed += channel
        mixed /= np.float32(len(channels))
        powers = [channel @ channel for channel in channels]
        if mixed @ mixed < _LOST * max(powers):
            mixed = channels[int(np.argmax(powers))].copy()
        return Sound(mixed, np.stack(channels) if self.channels == len(channels) == _STEREO else None)
