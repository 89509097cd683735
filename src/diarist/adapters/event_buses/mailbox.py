"""What a subscriber has yet to read: bounded, filled from any thread, read on one event loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Set as AbstractSet
from contextlib import suppress

from diarist.domain.events import Event, EventKind, Lagged
from diarist.ports.event_bus import MAILBOX


class Mailbox:
    """An endless iterator over what is put in; belongs to the loop on which it is made."""

    def __init__(self, kinds: AbstractSet[EventKind] = frozenset(), size: int = MAILBOX) -> None:
        """`kinds`: all that it takes; everything when there is none."""
        self.kinds = kinds
        self._loop = asyncio.get_running_loop()
        self._filled = asyncio.Event()
        self._lock = threading.Lock()
        self._events: deque[Event] = deque()
        self._size = size
        self._missed: int | None = 0

    def put(self, event: Event) -> None:
        """Add an event if it is of a kind that is wanted; the oldest gives way when it is full. Never waits."""
        if self.kinds and event.kind not in self.kinds:
            return
        with self._lock:
            if len(self._events) >= self._size:
                self._events.popleft()
                self._missed = None if self._missed is None else self._missed + 1
            self._events.append(event)
        self._wake()

    def lose(self) -> None:
        """Note that events were missed, nobody knows how many."""
        with self._lock:
            self._missed = None
        self._wake()

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> Event | Lagged:
        while True:
            with self._lock:
                missed, self._missed = self._missed, 0
                if missed != 0:
                    return Lagged(missed)
                if self._events:
                    return self._events.popleft()
                self._filled.clear()
            await self._filled.wait()

    def _wake(self) -> None:
        # A loop that was closed meanwhile has nobody left who reads.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._filled.set)
