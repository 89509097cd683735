"""Whisper's encoder, compiled for this processor by OpenVINO."""

from __future__ import annotations

from queue import LifoQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from diarist.adapters.transcription_engines.openvino_compiling import Compiler

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Encoder:
    """Takes any number of windows and returns what CTranslate2's own encoder would; several threads may call it at once."""

    def __init__(self, compiler: Compiler) -> None:
        """Raises `ModelUnavailable`, `Misconfigured`."""
        from diarist.adapters.transcription_engines.openvino_encoder_graph import encoder_graph

        compiled = compiler.compiled("encoder 1", "encoder", encoder_graph)
        self._requests: LifoQueue[Any] = LifoQueue()
        for _ in range(compiler.workers):
            self._requests.put(compiled.create_infer_request())

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mel features of shape (windows, bands, 3000) to states of shape (windows, 1500, width)."""
        request = self._requests.get()
        try:
            # One after the other: a window fills the cores, and its intermediate values stay in their caches.
            return np.concatenate([request.infer([window[np.newaxis]])[0] for window in features])
        finally:
            self._requests.put(request)
