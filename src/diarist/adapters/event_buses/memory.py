"""Events within this process: its event loops hear each other, in whatever threads they run."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from diarist.adapters.event_buses.mailbox import Mailbox
from diarist.domain.events import Event, EventKind, Lagged


class MemoryBus:
    """One per URL and process; needs neither opening nor closing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mailboxes: set[Mailbox] = set()

    async def publish(self, event: Event) -> None:
        """Put it into every mailbox."""
        # Under the lock, so that whoever answers an event is not heard before it; to put never waits.
        with self._lock:
            for mailbox in self._mailboxes:
                mailbox.put(event)

    @asynccontextmanager
    async def subscribe(self, *kinds: EventKind) -> AsyncIterator[AsyncIterator[Event | Lagged]]:
        """A mailbox of one's own."""
        mailbox = Mailbox(frozenset(kinds))
        with self._lock:
            self._mailboxes.add(mailbox)
        try:
            yield mailbox
        finally:
            with self._lock:
                self._mailboxes.discard(mailbox)


# Only for finding each other: a bus is gone with the last Runtime that has it.
_buses: WeakValueDictionary[str, MemoryBus] = WeakValueDictionary()
_lock = threading.Lock()


@asynccontextmanager
async def open_bus(url: str) -> AsyncIterator[MemoryBus]:
    """The bus of this process that has this URL, such as `memory:/path/of/data`."""
    with _lock:
        bus = _buses.get(url)
        if bus is None:
            bus = _buses[url] = MemoryBus()
    yield bus
