"""A device that has no memory left gets half as much at once, and nothing is lost or done twice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from diarist.adapters.transcription_engines.out_of_memory import Halving, is_out_of_memory

CUDA = "CUDA failed with error out of memory"


class Device:
    """Reads so many windows at once."""

    def __init__(self, room: int, message: str = CUDA) -> None:
        self.room, self.message = room, message
        self.batches: list[int] = []

    def read(self, batch: Sequence[int]) -> list[str]:
        self.batches.append(len(batch))
        if len(batch) > self.room:
            raise RuntimeError(self.message)
        return [f"window {number}" for number in batch]


@pytest.mark.parametrize("room", [1, 2, 3, 7, 8, 100])
def test_every_window_is_read_once_in_order(room: int) -> None:
    device = Device(room)
    assert Halving(device.read)(range(8)) == [f"window {number}" for number in range(8)]


def test_later_batches_do_not_try_again_what_did_not_fit() -> None:
    device = Device(2)
    reader = Halving(device.read)
    reader(range(8))
    device.batches.clear()
    assert len(reader(range(8))) == 8
    assert device.batches == [2, 2, 2, 2]


def test_one_window_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="out of memory"):
        Halving(Device(0).read)(range(4))


def test_another_error_is_not_taken_for_it() -> None:
    device = Device(1, "CUDA failed with error an illegal memory access was encountered")
    with pytest.raises(RuntimeError, match="illegal"):
        Halving(device.read)(range(4))
    assert device.batches == [4]


@pytest.mark.parametrize(
    "error", [RuntimeError("CUDA out of memory"), RuntimeError(CUDA), RuntimeError("std::bad_alloc"), MemoryError()]
)
def test_what_libraries_say_is_understood(error: Exception) -> None:
    assert is_out_of_memory(error)
