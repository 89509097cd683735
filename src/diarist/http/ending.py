"""SIGTERM and Ctrl-C, as a running event loop sees them: the first is told, the second ends the process at once."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Ending:
    """While it is open, signals are counted; in the main thread only, within a running loop.

    Ending at once loses nothing: what was running is found again, as after a `kill -9`.
    """

    def __init__(self) -> None:
        self._told = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._former: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    async def wait(self) -> None:
        """Return when the process is told to end."""
        await self._told.wait()

    async def unless(self, what: asyncio.Task[None]) -> bool:
        """Wait for a task, or until the process is told to end; returns whether the task is done. Raises what the task raised."""
        waiting = asyncio.create_task(self.wait())
        try:
            await asyncio.wait({waiting, what}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
        if what.done():
            await what
        return what.done()

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self._told.is_set():
            os._exit(128 + number)
        self._told.set()
        self._loop.call_soon_threadsafe(lambda: None)  # wakes the loop
