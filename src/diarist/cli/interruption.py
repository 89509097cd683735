"""Ctrl-C and SIGTERM: the first ends the work in good order, the second is told to wait, the third ends at once.

Even the third loses nothing: what was running is found again when work goes on, as after a `kill -9`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar

from diarist.cli.reporting import Interrupted

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 2
"""Signals that are met in good order."""


class Interruption:
    """While it is open, a signal cancels what `run` runs, and `run` raises `Interrupted` once that has cleaned up."""

    def __init__(self) -> None:
        self._received: list[int] = []
        self._former: dict[int, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on an event loop of its own."""
        if self._received:  # between two loops
            coroutine.close()
            raise self._interrupted()
        try:
            return asyncio.run(self._cancellable(coroutine))
        except asyncio.CancelledError:
            raise self._interrupted() from None

    async def _cancellable(self, coroutine: Coroutine[Any, Any, T]) -> T:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            return await coroutine
        finally:
            self._loop = self._task = None

    def _interrupted(self) -> Interrupted:
        return Interrupted(terminated=bool(self._received) and self._received[0] == signal.SIGTERM)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        self._received.append(number)
        if len(self._received) > _PATIENCE:
            os._exit(128 + number)
        if len(self._received) > 1:
            os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, b"\nStopping in good order; once more ends it at once.\n")
        elif self._loop and self._task:
            self._loop.call_soon_threadsafe(self._task.cancel)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run the only coroutine of a command."""
    with Interruption() as interruption:
        return interruption.run(coroutine)
