"""Writes down what is gathered, beside whoever gathers it: a while after the first of it came, or when somebody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from diarist.telemetry.tracing import apart


class Gathering:
    """Of one event loop."""

    def __init__(self, write: Callable[[], Awaitable[bool]], seconds: float) -> None:
        """`write` takes what has come by then, and says whether more came meanwhile; `seconds`: how long it is gathered."""
        self._write, self._seconds = write, seconds
        self._writing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def came(self) -> None:
        """There is something to write."""
        if self._writing is None or self._writing.done():
            self._hurry.clear()
            # It is no step of the request that happens to be the first.
            with apart():
                self._writing = asyncio.create_task(self._run())

    async def settled(self) -> None:
        """Write it now, and wait until it is written."""
        if self._writing is not None:
            self._hurry.set()
            await self._writing

    async def _run(self) -> None:
        more = True
        while more:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._hurry.wait()
            more = await self._write()
