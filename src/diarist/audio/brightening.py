"""Makes a muffled voice (in a pocket, behind a door, far away) sound like a near one; for the detector only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.frames import FRAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUND = 32
"""Samples (2 ms) whose mean is taken away: what is below 300 Hz, where muffled voices and rumble have nearly all their power."""
_TILT = np.float32(0.5)
"""Part of the sample before that is taken away: 9 dB more at 8 kHz than at 300 Hz."""
_LEVEL = 10 ** (-25 / 20)
"""Root mean square of the loudest frames after it, as of a near voice."""
_LOUDEST = 95
"""Percentile of the frames that sets the gain, so that a door that slams does not."""
_MOST = 10 ** (30 / 20)
"""The largest gain; beyond it the noise of the recorder would be made a storm."""


def brightened(samples: NDArray[np.float32], lead: int) -> NDArray[np.float32]:
    """`samples`: shape (n,), 16 kHz mono; the level is that of what comes after `lead` samples, at least one frame."""
    sums = np.cumsum(np.pad(samples, (_ROUND // 2 + 1, _ROUND // 2 - 1)), dtype=np.float64)
    sharp = samples - ((sums[_ROUND:] - sums[:-_ROUND]) / _ROUND).astype(np.float32)
    sharp[1:] -= _TILT * sharp[:-1]
    judged = sharp[lead:]
    frames = judged[: len(judged) // FRAME * FRAME].reshape(-1, FRAME)
    loud = float(np.percentile(np.sqrt(np.mean(np.square(frames), axis=1)), _LOUDEST))
    sharp *= np.float32(min(_LEVEL / max(loud, 1e-9), _MOST))
    return sharp.clip(-1, 1)
