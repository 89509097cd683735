"""One reader of a stream: what it has yet to read, bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from diarist.live.told import Told


class Listener:
    """Filled by the feed, emptied by one stream, both on the same event loop."""

    __slots__ = ("_changed", "_on_overrun", "_size", "_waiting", "closed", "job_id", "since")

    def __init__(self, job_id: UUID | None, *, since: int, size: int, on_overrun: Callable[[], None] = lambda: None) -> None:
        """`on_overrun` is called when it cannot keep up; it is closed then."""
        self.job_id = job_id
        """The only job it wants to hear of, or None for all that it is given."""
        self.since = since
        """It is told everything behind this position."""
        self.closed = False
        self._size = size
        self._on_overrun = on_overrun
        self._waiting: deque[Told] = deque()
        self._changed = asyncio.Event()

    def put(self, message: Told) -> None:
        """Add a message if it is wanted; a reader that is too slow gets no more."""
        if self.closed or self.job_id not in {None, message.job_id} or (message.position or self.since + 1) <= self.since:
            return
        if len(self._waiting) >= self._size:
            self._waiting.clear()
            self.close()
            self._on_overrun()
            return
        self._waiting.append(message)
        self._changed.set()

    def close(self) -> None:
        """Let the stream end once it has read what is there."""
        self.closed = True
        self._changed.set()

    async def read(self, patience: float) -> list[Told]:
        """All that waits, after `patience` seconds perhaps nothing; nothing at once when it is closed and empty."""
        if not self._waiting and not self.closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._changed.wait()
        found = list(self._waiting)
        self._waiting.clear()
        if not self.closed:
            self._changed.clear()
        return found
