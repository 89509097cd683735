"""Hears how probable a voice is, frame by frame, with the Silero network that faster-whisper carries."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.frames import FRAME
from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CONTEXT = 64
"""Samples of the frame before that the network sees again."""
_STATE = (1, 1, 128)
"""Shape of each of the network's two memories."""
_BATCH = 64
"""Frames that are heard at once. Always the same ones together, so that no rounding depends on how the sound came in."""


class SpeechDetector:
    """Streaming voice activity: however the sound is divided among calls, the probabilities are the same to the bit."""

    def __init__(self) -> None:
        """Raises `ModelUnavailable`."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # more threads are slower on such small matrices
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(_model(), options, providers=["CPUExecutionProvider"])
        self.reset()

    def reset(self) -> None:
        """Forget all that was heard; the next sample begins a new stream."""
        self._memory = np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)
        self._pending = np.zeros(_CONTEXT, np.float32)  # the last context, then what is not heard yet

    def hear(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take in 16 kHz mono samples in [-1, 1], any number; give the probabilities of what is complete, one a frame."""
        self._pending = np.concatenate((self._pending, samples))
        ready = (len(self._pending) - _CONTEXT) // FRAME // _BATCH
        return self._run(ready * _BATCH)

    def finish(self) -> NDArray[np.float32]:
        """The probabilities of the rest; a last frame that is not full is filled up with silence. `reset` comes next."""
        rest = len(self._pending) - _CONTEXT
        frames = -(-rest // FRAME)
        self._pending = np.pad(self._pending, (0, frames * FRAME - rest))
        return self._run(frames)

    def _run(self, frames: int) -> NDArray[np.float32]:
        heard = [np.zeros(0, np.float32)]
        for first in range(0, frames, _BATCH):
            end = min(first + _BATCH, frames)
            sound = self._pending[first * FRAME : end * FRAME + _CONTEXT]
            windows = np.lib.stride_tricks.sliding_window_view(sound, _CONTEXT + FRAME)[::FRAME]
            h, c = self._memory
            probabilities, h, c = self._session.run(None, {"input": np.ascontiguousarray(windows), "h": h, "c": c})
            self._memory = h, c
            heard.append(probabilities.reshape(-1))
        self._pending = self._pending[frames * FRAME :].copy()
        return np.concatenate(heard)


def _model() -> str:
    package = find_spec("faster_whisper")  # found, not imported: that would load a whole engine
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for file in sorted(Path(folder, "assets").glob("silero_vad*.onnx"), reverse=True):
            return str(file)
    raise ModelUnavailable("The voice activity model is missing.", advice="It comes with faster-whisper: install Diarist again.")
