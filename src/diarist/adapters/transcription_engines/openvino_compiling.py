"""Compiles graphs for this processor with OpenVINO, and keeps what was compiled."""

from __future__ import annotations

import hashlib
import io
import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diarist.adapters.transcription_engines import compiled_cache
from diarist.adapters.transcription_engines.ctranslate2_file import read_weights
from diarist.child.openvino_runtime import core as open_core
from diarist.child.openvino_runtime import precision as precision_of
from diarist.engine.fingerprint import fingerprint
from diarist.errors import ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FULL = "f32"


class Compiler:
    """Of the graphs of one model; `precision` is what they compute with."""

    def __init__(self, model: Path, *, workers: int, threads: int, cache_dir: Path) -> None:
        """`model`: a CTranslate2 directory. `workers`: calls at once, of `threads` threads each. Raises `Misconfigured`."""
        self._core = open_core()
        self.precision = precision_of(self._core)
        self.workers = workers
        self._weights = model / "model.bin"
        self._cache_dir = cache_dir
        # Not pinned: what encodes for one worker would sit on the core on which another model reads for the other.
        self._properties = {"NUM_STREAMS": workers, "INFERENCE_NUM_THREADS": workers * threads, "ENABLE_CPU_PINNING": False}

    def compiled(self, name: str, part: str, build: Callable[[dict[str, NDArray[Any]]], Any], *, exact: bool = False) -> Any:
        """The graph that `build` makes of the weights of `part` ("encoder" or "decoder"), from the cache if it is there.

        `name` stands for `build` in the cache; `exact`: in full precision. Raises `ModelUnavailable`.
        """
        precision = _FULL if exact else self.precision
        properties = {**self._properties, "INFERENCE_PRECISION_HINT": precision}
        try:
            kept = self._cache_dir / f"{self._key(name, precision)}.blob"
            if stored := compiled_cache.load(kept):
                try:
                    return self._core.import_model(stored, "CPU", properties)
                except RuntimeError:
                    pass  # of an OpenVINO that only looks the same: built anew
            graph = build(read_weights(self._weights, lambda variable: variable.startswith(f"{part}/")))
            compiled = self._core.compile_model(graph, "CPU", properties)
            stream = io.BytesIO()
            compiled.export_model(stream)
        except (RuntimeError, KeyError) as error:
            raise ModelUnavailable(f"OpenVINO cannot use the model in {self._weights.parent.name}: {error}") from error
        compiled_cache.keep(kept, stream.getvalue())
        return compiled

    def _key(self, name: str, precision: str) -> str:
        versions, capabilities = self._core.get_versions("CPU"), self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        cpu = f"{platform.machine()} {self._core.get_property('CPU', 'FULL_DEVICE_NAME')} {','.join(sorted(capabilities))}"
        key = f"{fingerprint(self._weights)} {versions['CPU'].build_number} {cpu} {precision} {name}"
        return hashlib.sha256(key.encode()).hexdigest()[:32]
