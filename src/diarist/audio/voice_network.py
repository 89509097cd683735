"""The Silero network that faster-whisper carries, run by OpenVINO or, without it, by ONNX Runtime: slower, with one result."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from diarist.audio.frames import FRAME
from diarist.child.openvino_runtime import core
from diarist.errors import Misconfigured, ModelUnavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Memory: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]
    Network: TypeAlias = Callable[[NDArray[np.float32], Memory], tuple[NDArray[np.float32], Memory]]
    """From at most `BATCH` frames, shape (n, CONTEXT + FRAME), and its memory to their probabilities and what it remembers."""

BATCH = 64
"""Frames that are heard at once."""
CONTEXT = 64
"""Samples of the frame before that the network sees again."""
STATE = (1, 1, 128)
"""Shape of each of the network's two memories."""


def open_network() -> Network:
    """Raises `ModelUnavailable`."""
    try:
        return _in_openvino()
    except (Misconfigured, RuntimeError):
        return in_onnxruntime()


def _in_openvino() -> Network:
    request = _compiled().create_infer_request()
    # Written and read in place: what OpenVINO does to dictionaries takes a tenth of the time.
    full, *before = (request.get_tensor(name).data for name in ("input", "h", "c"))
    probabilities, *after = (request.get_output_tensor(place).data for place in range(3))

    def run(frames: NDArray[np.float32], memory: Memory) -> tuple[NDArray[np.float32], Memory]:
        full[: len(frames)] = frames
        full[len(frames) :] = 0  # what is remembered of these is wrong, but they only stand behind the end
        before[0][:], before[1][:] = memory
        request.infer(share_outputs=True)
        return probabilities.reshape(-1)[: len(frames)].copy(), (after[0].copy(), after[1].copy())

    return run


@cache
def _compiled() -> Any:
    """Once a process: it takes longer than to hear a short recording."""
    opened = core()
    network = opened.read_model(_path())
    network.reshape({"input": [BATCH, CONTEXT + FRAME], "h": list(STATE), "c": list(STATE)})
    # Half precision takes a third less where the processor has it, and one frame in a thousand is judged otherwise; bf16 would
    # save no more and judge five in a thousand otherwise.
    precision = "f16" if "FP16" in opened.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
    options = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
    return opened.compile_model(network, "CPU", options)


def in_onnxruntime() -> Network:
    """Raises `ModelUnavailable`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # more threads are slower on such small matrices
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(_path(), options, providers=["CPUExecutionProvider"])

    def run(frames: NDArray[np.float32], memory: Memory) -> tuple[NDArray[np.float32], Memory]:
        probabilities, h, c = session.run(None, {"input": np.ascontiguousarray(frames), "h": memory[0], "c": memory[1]})
        return probabilities.reshape(-1), (h, c)

    return run


def _path() -> str:
    package = find_spec("faster_whisper")  # found, not imported: that would load a whole engine
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for file in sorted(Path(folder, "assets").glob("silero_vad*.onnx"), reverse=True):
            return str(file)
    raise ModelUnavailable("The voice activity model is missing.", advice="It comes with faster-whisper: install Diarist again.")
