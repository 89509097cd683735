"""The contract of whatever carries events to everybody who listens.

Entry-point group `diarist.event_buses`, by the scheme of DIARIST_EVENTS__URL: each value is an `OpenBus`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from diarist.domain.events import Event, EventKind, Lagged

Subscription = AbstractAsyncContextManager[AsyncIterator[Event | Lagged]]
"""Its events come from the moment it is entered, and without end."""

MAILBOX = 1000
"""Events that are kept for a slow subscriber; then it loses the oldest, and a `Lagged` in their place tells it so."""


class EventBus(Protocol):
    """Events of one event loop's Runtime, to and from everybody; opened and closed as a context."""

    async def publish(self, event: Event) -> None:
        """Tell everybody; never waits for a subscriber, and raises nothing when the carrier is away: the event is lost then."""

    def subscribe(self, *kinds: EventKind) -> Subscription:
        """Listen to the events of all accounts, in the order in which each publisher has told them.

        `kinds`: those that are wanted; all when none is named. What is not wanted costs the subscriber nothing.
        """


OpenBus = Callable[[str], AbstractAsyncContextManager[EventBus]]
"""Opens a bus by its URL for the running event loop; raises `Misconfigured`."""
