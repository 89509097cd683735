"""Tells whether each of two channels is another voice, and what of a channel's sound is its own.

Judged is a frame (32 ms) by how much louder one channel is than the other; the figures are told in decision 0010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.flac import from_pcm, to_pcm
from diarist.audio.frames import FRAME, SECONDS, SPEECH

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOUDER = 12.0
"""Decibels by which a channel must be the louder one to be the only one that speaks; stereo microphones reach half of it."""
_DECIDED = 0.4
"""Share of the voiced time in which one channel is alone, at least; in the rest both may speak."""
_ALIKE = 0.3
"""Correlation of the two levels from which on both hear the same: one voice, or music."""
_SPOKEN = round(1.0 / SECONDS)
"""Frames in which a channel must be alone to be another voice; less is a knock or a rustle."""
_ALONE = 0.9
"""Share of the voiced time in which one channel is alone when nobody speaks in the other."""
_BLEEDING = 8.0
"""Decibels above its usual level in a channel from which on it is not the other voice any more that is heard there."""
_TWO_AT_ONCE = 6.0
"""Decibels; a voice that is less than that below the other is always heard."""
_SMOOTH = 5
"""Frames over which levels are taken: about a syllable."""
_REACH = 3
"""Frames that a voice's own sound reaches beyond what is louder."""
_FLOOR = 1e-12
"""Power of what is silent."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How each of two channels stands to the other, frame by frame."""

    louder: NDArray[np.bool_]
    """Shape (2, frames): where the channel is at least as loud as the other."""
    own: NDArray[np.bool_]
    """Shape (2, frames): where what is heard in the channel is more than the other voice sounding into it."""

    def sound(self, sides: NDArray[np.int16], channel: int) -> NDArray[np.int16]:
        """A channel of `sides`, shape (2, n), without what is not its own."""
        frames = np.arange(self.own.shape[1])
        own = np.convolve(self.own[channel], np.ones(2 * _REACH + 1), "same") > 0.5  # noqa: PLR2004 - any at all
        if own.all():
            whole: NDArray[np.int16] = sides[channel]
            return whole
        middles = (frames + 0.5) * FRAME
        gain = np.interp(np.arange(sides.shape[1], dtype=np.float32), middles, own.astype(np.float32)).astype(np.float32)
        return to_pcm(from_pcm(sides[channel]) * gain)


def apart(sides: NDArray[np.int16], probabilities: Sequence[float]) -> Apart | int | None:
    """Whether two voices are apart; a channel's number when it alone holds a voice, None when it cannot be told.

    `sides`: shape (2, n), 16 kHz. `probabilities`: of speech in their mix, one for each frame, the last one may be short.
    """
    voiced = np.array(probabilities, np.float32) >= SPEECH
    total = int(voiced.sum())
    if total < _SPOKEN:
        return None
    first, second = (_levels(side, len(voiced)) for side in sides)
    ahead = first - second
    alone = voiced & (ahead >= _LOUDER), voiced & (ahead <= -_LOUDER)
    counts = [int(one.sum()) for one in alone]
    for channel, count in enumerate(counts):
        if count >= _ALONE * total and counts[1 - channel] < _SPOKEN:
            return channel
    if min(counts) < _SPOKEN or sum(counts) < _DECIDED * total or _correlation(first[voiced], second[voiced]) > _ALIKE:
        return None
    # How far the other voice is usually below itself where it sounds into a channel; at best it is not there at all.
    behind = [max(_TWO_AT_ONCE, float(np.median(np.abs(ahead[alone[1 - channel]]))) - _BLEEDING) for channel in range(2)]
    return Apart(
        louder=np.stack((ahead >= 0, ahead <= 0)),
        own=np.stack((ahead >= -behind[0], ahead <= behind[1])),
    )


def _levels(side: NDArray[np.int16], frames: int) -> NDArray[np.float32]:
    """Decibels relative to full scale, one a frame, taken over its neighbours too."""
    sound = np.zeros(frames * FRAME, np.float32)
    sound[: len(side)] = from_pcm(side)
    powers = np.square(sound).reshape(frames, FRAME).mean(axis=1)
    smooth = np.convolve(powers, np.full(_SMOOTH, 1 / _SMOOTH, np.float32))[_SMOOTH // 2 : _SMOOTH // 2 + frames]
    return 10 * np.log10(smooth + np.float32(_FLOOR))


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    a, b = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale else 0.0
