"""Hears how probable a voice is, frame by frame, however the sound comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.frames import FRAME
from diarist.audio.voice_network import BATCH, CONTEXT, STATE, open_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from diarist.audio.voice_network import Network


class SpeechDetector:
    """Streaming voice activity: however the sound is divided among calls, the probabilities are the same to the bit."""

    def __init__(self, network: Network | None = None) -> None:
        """`network`: another than the fastest that there is. Raises `ModelUnavailable`."""
        self._network = network or open_network()
        self.reset()

    def reset(self) -> None:
        """Forget all that was heard; the next sample begins a new stream."""
        self._memory = np.zeros(STATE, np.float32), np.zeros(STATE, np.float32)
        self._pending = np.zeros(CONTEXT, np.float32)  # the last context, then what is not heard yet

    def hear(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take in 16 kHz mono samples in [-1, 1], any number; give the probabilities of what is complete, one a frame."""
        self._pending = np.concatenate((self._pending, samples))
        ready = (len(self._pending) - CONTEXT) // FRAME // BATCH
        return self._run(ready * BATCH)

    def finish(self) -> NDArray[np.float32]:
        """The probabilities of the rest; a last frame that is not full is filled up with silence. `reset` comes next."""
        rest = len(self._pending) - CONTEXT
        frames = -(-rest // FRAME)
        self._pending = np.pad(self._pending, (0, frames * FRAME - rest))
        return self._run(frames)

    def _run(self, frames: int) -> NDArray[np.float32]:
        # Always the same frames together, so that no rounding depends on how the sound came in.
        heard = [np.zeros(0, np.float32)]
        for first in range(0, frames, BATCH):
            end = min(first + BATCH, frames)
            sound = self._pending[first * FRAME : end * FRAME + CONTEXT]
            windows = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT + FRAME)[::FRAME]
            probabilities, self._memory = self._network(windows, self._memory)
            heard.append(probabilities)
        self._pending = self._pending[frames * FRAME :].copy()
        return np.concatenate(heard)
