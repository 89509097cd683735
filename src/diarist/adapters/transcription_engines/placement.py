"""Where CTranslate2 computes, with what numbers, and how much at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import ctranslate2

from diarist.adapters.transcription_engines import cuda_memory
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.ports.transcription_engine import EngineOptions

_CUDA_TYPES = ("float16", "int8_float16", "bfloat16", "int8_float32", "int8", "float32")
"""The best first: as exact as the weights, then small."""
_CPU_TYPE = "int8"
_MOST_ON_CUDA = 32
"""Windows at once; a GPU is full then."""
_WINDOW_BYTES = 400_000_000
"""Of one window in the largest model with five beams: states, keys and values of all layers, logits; rounded up."""
_SPARE = 0.5
"""Of the free memory; the model itself is loaded after it is asked for."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What `WhisperModel` is opened with."""

    device: str
    devices: tuple[int, ...]
    compute_type: str
    share: Share


def place(
    options: EngineOptions,
    *,
    cuda_devices: Callable[[], int] = ctranslate2.get_cuda_device_count,
    types: Callable[[str], Collection[str]] = ctranslate2.get_supported_compute_types,
    free_bytes: Callable[[int], int | None] = cuda_memory.free_bytes,
) -> Placement:
    """All GPUs when the device is `cuda`, or `auto` and there are any; else the CPU. What looks at the machine can be given."""
    count = cuda_devices() if options.device in {"auto", "cuda"} else 0
    if options.device == "cuda" or count:
        devices = tuple(range(max(1, count)))
        chosen = options.compute_type
        if chosen == "auto":
            known = types("cuda")
            chosen = next((name for name in _CUDA_TYPES if name in known), "default")
        free = [free for device in devices if (free := free_bytes(device)) is not None]
        fitting = int(min(free) * _SPARE / _WINDOW_BYTES) if free else _MOST_ON_CUDA // 4
        # On one thread each: it only hands work to its GPU.
        return Placement("cuda", devices, chosen, Share(len(devices), 1, max(1, min(_MOST_ON_CUDA, fitting))))
    chosen = _CPU_TYPE if options.compute_type == "auto" else options.compute_type
    return Placement("cpu", (0,), chosen, Share.of_cpu(options.threads))
