"""Where is computed, with what and how much at once: by what a machine has, told here without one."""

from __future__ import annotations

import pytest

from diarist.adapters.transcription_engines import cuda_memory
from diarist.adapters.transcription_engines.placement import Placement, place
from diarist.adapters.transcription_engines.whisper_share import Share
from diarist.ports.transcription_engine import EngineOptions

MODERN = {"float32", "float16", "bfloat16", "int8", "int8_float16", "int8_float32", "int8_bfloat16"}
PASCAL = {"float32", "int8", "int8_float32"}


def placed(
    *,
    device: str = "auto",
    compute_type: str = "auto",
    gpus: int = 0,
    types: set[str] = MODERN,
    free: int | None = 80 * 10**9,
) -> Placement:
    options = EngineOptions(model="auto", cache_dir="", device=device, compute_type=compute_type, threads=4)
    return place(options, cuda_devices=lambda: gpus, types=lambda _: types, free_bytes=lambda _: free)


def test_without_a_gpu_the_cpu_computes_in_int8() -> None:
    assert placed() == Placement("cpu", (0,), "int8", Share.of_cpu(4))


def test_a_gpu_that_is_there_is_used_unless_the_cpu_is_asked_for() -> None:
    assert placed(gpus=1).device == "cuda"
    assert placed(gpus=1, device="cpu").device == "cpu"


def test_a_gpu_that_is_asked_for_is_not_silently_replaced() -> None:
    assert placed(device="cuda", gpus=0).device == "cuda"


def test_every_gpu_has_a_worker() -> None:
    found = placed(gpus=3)
    assert found.devices == (0, 1, 2)
    assert found.share.workers == 3


@pytest.mark.parametrize(("types", "chosen"), [(MODERN, "float16"), (PASCAL, "int8_float32"), ({"float32"}, "float32")])
def test_a_gpu_computes_with_the_best_that_it_can(types: set[str], chosen: str) -> None:
    assert placed(gpus=1, types=types).compute_type == chosen


def test_what_was_asked_for_is_computed_with() -> None:
    assert placed(gpus=1, compute_type="int8_float16").compute_type == "int8_float16"
    assert placed(compute_type="float32").compute_type == "float32"


@pytest.mark.parametrize(("gigabytes", "batch"), [(80, 32), (8, 10), (2, 2), (0.3, 1)])
def test_a_batch_fits_into_the_free_memory(gigabytes: float, batch: int) -> None:
    assert placed(gpus=1, free=int(gigabytes * 10**9)).share.batch == batch


def test_where_the_memory_is_not_known_batches_are_modest() -> None:
    assert 1 <= placed(gpus=1, free=None).share.batch <= 8


def test_a_machine_without_the_driver_has_no_gpu_memory() -> None:
    assert cuda_memory.free_bytes(0, driver="libno-such-driver.so.1") is None
    assert cuda_memory.free_bytes(0, driver="libc.so.6") is None  # a library, but not that of a GPU
