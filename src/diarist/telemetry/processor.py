"""Whose processor time it is: what a piece of work takes in child processes and in threads is put on its meter.

What the event loop itself does for a task is not on it: statements and bells, a few thousandths of what hearing takes, of which
`process_cpu_seconds_total` tells the sum. To measure it for each task would cost more than there is to be seen.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Used(Protocol):
    """Seconds of one core, and of one graphics card."""

    @property
    def cpu_seconds(self) -> float: ...
    @property
    def gpu_seconds(self) -> float: ...


class Meter:
    """Adds up; to be used from any thread."""

    def __init__(self, cpu_seconds: float = 0.0, gpu_seconds: float = 0.0) -> None:
        """It goes on from there."""
        self.cpu_seconds, self.gpu_seconds = cpu_seconds, gpu_seconds
        self._adding = threading.Lock()

    def add(self, cpu_seconds: float, gpu_seconds: float = 0.0) -> None:
        """So much more was taken."""
        with self._adding:
            self.cpu_seconds += cpu_seconds
            self.gpu_seconds += gpu_seconds


_at_hand: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metering(meter: Meter) -> Iterator[None]:
    """Put what is taken in the block on the meter, and what is taken in tasks that begin there for as long as they run."""
    before = _at_hand.set(meter)
    try:
        yield
    finally:
        _at_hand.reset(before)


def taken(cpu_seconds: float, gpu_seconds: float = 0.0) -> None:
    """The work at hand has taken so much; without a meter it is nobody's."""
    meter = _at_hand.get()
    if meter is not None:
        meter.add(cpu_seconds, gpu_seconds)


async def in_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do as `asyncio.to_thread` does, and put what the thread takes on the meter."""
    if _at_hand.get() is None:
        return await asyncio.to_thread(work, *args, **kwargs)

    def measured() -> T:
        began = time.thread_time()
        try:
            return work(*args, **kwargs)
        finally:
            taken(time.thread_time() - began)

    return await asyncio.to_thread(measured)
