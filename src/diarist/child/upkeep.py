"""Ends a child between two calls when nobody needs it for long, or when it has grown; and in a call that eats up the machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from diarist.child.process import ChildProcess
from diarist.errors import MemoryExceeded

log = structlog.get_logger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between looks at how much memory a child has that works."""
_MEGABYTE = 10**6


class Upkeep:
    """Looks after one child; belongs to the child's event loop."""

    def __init__(self, child: ChildProcess, *, name: str, idle_seconds: float = 0.0, memory_limit: int = 0) -> None:
        """`memory_limit`: bytes. 0 means never, and no limit. `name`: for errors and logs."""
        self._child, self._name = child, name
        self._idle_seconds, self._memory_limit = idle_seconds, memory_limit
        self._users = 0
        self._timer: asyncio.TimerHandle | None = None
        self._resting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def in_use(self) -> AsyncIterator[None]:
        """Round each call; one whose child takes twice the limit is stopped and raises `MemoryExceeded`."""
        self._let_be()
        self._users += 1
        if self._memory_limit and not self._watching:
            self._watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._users -= 1
            if self._watching and not self._users:
                self._watching.cancel()  # not awaited: its end could hide that the caller is cancelled
                self._watching = None
            await self._look()

    async def close(self) -> None:
        """Do nothing from now on."""
        self._let_be()
        if self._resting:
            await self._resting

    async def _look(self) -> None:
        if self._idle_seconds and not self._users:
            self._let_be()
            self._timer = asyncio.get_running_loop().call_later(self._idle_seconds, self._rest)
        _, used = await self._resident()
        if used > self._memory_limit:
            log.warning("child.grown", child=self._name, megabytes=used // _MEGABYTE, limit=self._memory_limit // _MEGABYTE)
            self._rest()

    def _rest(self) -> None:
        if self._resting is None or self._resting.done():
            self._resting = asyncio.create_task(self._child.rest())

    def _let_be(self) -> None:
        if self._timer:
            self._timer.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            pid, used = await self._resident()
            if used > 2 * self._memory_limit:
                figures = (
                    f"{used // _MEGABYTE} MB in the middle of its work, where {self._memory_limit // _MEGABYTE} MB are the limit"
                )
                await self._child.stop(pid, MemoryExceeded(f"{self._name} took {figures}, and was stopped"))

    async def _resident(self) -> tuple[int, int]:
        """The child's pid, and its bytes, as far as both are known."""
        pid = self._child.pid
        return (pid, await asyncio.to_thread(_resident_bytes, pid)) if self._memory_limit and pid else (0, 0)


def _resident_bytes(pid: int) -> int:
    """What a process and those that it started hold in memory; 0 when it is gone. Pages that they share count for each."""
    import psutil  # only where there is a limit

    used = 0
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            used += one.memory_info().rss
    return used
