"""Whisper's encoder, compiled for this processor by OpenVINO."""

from __future__ import annotations

import hashlib
import io
import platform
from pathlib import Path
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from diarist.adapters.transcription_engines import compiled_cache
from diarist.adapters.transcription_engines.ctranslate2_file import read_weights
from diarist.child.openvino_runtime import core as open_core
from diarist.child.openvino_runtime import precision
from diarist.engine.fingerprint import fingerprint
from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Encoder:
    """Takes any number of windows and returns what CTranslate2's own encoder would; several threads may call it at once."""

    def __init__(self, model: Path, *, workers: int, threads: int, cache_dir: Path) -> None:
        """`model`: a CTranslate2 directory. `workers`: calls at once, of `threads` threads each.

        The compiled graph is kept in `cache_dir`. Raises `ModelUnavailable`, `Misconfigured`.
        """
        core = open_core()
        self.precision = precision(core)
        properties = {
            "INFERENCE_PRECISION_HINT": self.precision,
            "NUM_STREAMS": workers,
            "INFERENCE_NUM_THREADS": workers * threads,
        }
        try:
            compiled = _compiled(core, model, properties, cache_dir)
            self._requests: LifoQueue[Any] = LifoQueue()
            for _ in range(workers):
                self._requests.put(compiled.create_infer_request())
        except (RuntimeError, KeyError) as error:
            raise ModelUnavailable(f"OpenVINO cannot use the model in {model.name}: {error}") from error

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mel features of shape (windows, bands, 3000) to states of shape (windows, 1500, width)."""
        request = self._requests.get()
        try:
            # One after the other: a window fills the cores, and its intermediate values stay in their caches.
            return np.concatenate([request.infer([window[np.newaxis]])[0] for window in features])
        finally:
            self._requests.put(request)


def _compiled(core: Any, model: Path, properties: dict[str, Any], cache_dir: Path) -> Any:
    """From the cache, or built and kept there. Raises `ModelUnavailable`, `RuntimeError`, `KeyError`."""
    from diarist.adapters.transcription_engines.openvino_graph import encoder_graph

    weights = model / "model.bin"
    cpu = f"{platform.machine()} {core.get_property('CPU', 'FULL_DEVICE_NAME')} {_capabilities(core)}"
    key = f"{fingerprint(weights)} {core.get_versions('CPU')['CPU'].build_number} {cpu} {properties['INFERENCE_PRECISION_HINT']}"
    kept = cache_dir / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.blob"
    if stored := compiled_cache.load(kept):
        try:
            return core.import_model(stored, "CPU", properties)
        except RuntimeError:
            pass  # of an OpenVINO that only looks the same: built anew
    compiled = core.compile_model(
        encoder_graph(read_weights(weights, lambda name: name.startswith("encoder/"))), "CPU", properties
    )
    stream = io.BytesIO()
    compiled.export_model(stream)
    compiled_cache.keep(kept, stream.getvalue())
    return compiled


def _capabilities(core: Any) -> str:
    return ",".join(sorted(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")))
