"""Decides where a recording is cut: in a silence near the target, and inside speech only if there is no silence at all."""

from __future__ import annotations

import math
from collections.abc import Iterable

from diarist.audio.frames import SECONDS, SILENCE

_EARLIEST, _LATEST = 0.8, 1.2
"""Parts of the target between which a cut is made."""
_LONG, _SHORT = 2.0 / SECONDS, 0.3 / SECONDS
"""Frames of silence that are enough at the earliest moment, and from the target on."""


def even(target: float, expected: float | None, start: float) -> float:
    """The seconds to aim for in the chunk that begins at `start`, so that no scrap is left for the last, which has its price too.

    `target`: what is wanted, and never exceeded but by the last; `expected`: seconds of the recording as far as they are known,
    which depends on the file only.
    """
    left = (expected or 0.0) - start
    if left <= 0.0:
        return target
    chunks = math.ceil(left / (_LATEST * target))
    # The last is not to be cut before its end.
    return left / _EARLIEST if chunks == 1 else min(target, left / chunks)


class ChunkPlanner:
    """Follows one chunk from its first frame to its cut; the next chunk has a planner of its own.

    The longest silence so far is taken as soon as it is long enough for how late it is. To look at all in reach first would
    cost time: what lies behind a cut is heard again, since a chunk that knew of the one before could not be planned without it.
    """

    def __init__(self, target: float) -> None:
        """`target`: seconds, some at least."""
        self.probabilities: list[float] = []
        """Of every frame so far."""
        self._earliest, self._target, self._latest = (round(target * part / SECONDS) for part in (_EARLIEST, 1.0, _LATEST))
        self._silence = 0
        """Frames of the silence that has not ended yet."""
        self._longest = 0
        """Frames of the longest silence, in whose middle the best cut is."""
        self._cut = self._earliest
        self._lowest = 1.0
        """Probability at the best cut while there was no silence at all."""

    def follow(self, probabilities: Iterable[float]) -> int | None:
        """Take in the next frames. A number is the cut: so many frames are the chunk, and the planner has done its work."""
        for probability in probabilities:
            frame = len(self.probabilities)
            self.probabilities.append(probability)
            if frame >= self._earliest:
                self._judge(frame, probability)
                if frame + 1 >= self._latest or self._longest >= self._enough(frame):
                    return self._cut
        return None

    def _judge(self, frame: int, probability: float) -> None:
        self._silence = self._silence + 1 if probability < SILENCE else 0
        if self._silence > self._longest:
            self._longest, self._cut = self._silence, frame + 1 - self._silence // 2
        elif not self._longest and probability < self._lowest:
            self._lowest, self._cut = probability, frame

    def _enough(self, frame: int) -> float:
        if self._silence:  # let it end, and be cut in the middle
            return _LONG
        lateness = (frame - self._earliest) / max(1, self._target - self._earliest)
        return max(_SHORT, _LONG - lateness * (_LONG - _SHORT))
