"""Looks after those who are connected: whoever may not be there any more is shown out within seconds.

The bus tells when a key is revoked, a session ends or a role changes; since it may be silent, everybody is looked at anew now and
then. Who is let in is asked of the same door as for requests.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import structlog

from diarist.domain.access import Caller
from diarist.domain.events import Event
from diarist.errors import Unavailable

ROUND = 60.0
"""Seconds after which everybody is looked at anew, though nobody has said anything."""

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True, kw_only=True)
class Guest:
    """Somebody who is connected."""

    caller: Caller
    admitted: Callable[[], Awaitable[bool]]
    """Whether they still may be; asks anew, and raises `Unavailable` when that cannot be told."""
    show_out: Callable[[], None]
    looked_at: float = field(default_factory=time.monotonic)
    """When they were last let in, seconds."""


class Guard:
    """Of one event loop."""

    def __init__(self, seconds: float = ROUND, *, on_error: Callable[[Exception], None] = lambda _: None) -> None:
        """`seconds`: between two looks at the same guest. `on_error` hears what nobody expected."""
        self._seconds, self._on_error = seconds, on_error
        self._guests: set[Guest] = set()
        self._doubted: set[Guest] = set()
        self._called = asyncio.Event()

    @contextmanager
    def watching(self, guest: Guest) -> Iterator[None]:
        """Look after a guest; one who showed nothing at the door has nothing that could be taken back."""
        if guest.caller.at_this_machine:
            yield
            return
        self._guests.add(guest)
        try:
            yield
        finally:
            self._guests.discard(guest)

    def doubt(self, event: Event) -> None:
        """Look at once at those whom an `access.changed` is about."""
        gone = {str(identifier) for identifier in event.data.values()}
        self._doubted |= {guest for guest in self._guests if gone & {str(guest.caller.key_id), str(guest.caller.user_id)}}
        if self._doubted:
            self._called.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds / 4):
                    await self._called.wait()
            self._called.clear()
            doubted, self._doubted = self._doubted, set()
            long_ago = time.monotonic() - self._seconds
            for guest in doubted | {guest for guest in self._guests if guest.looked_at < long_ago}:
                await self._look_at(guest)

    async def _look_at(self, guest: Guest) -> None:
        try:
            admitted = guest not in self._guests or await guest.admitted()
        except Unavailable as error:
            # Nobody is shown out because the database is away.
            log.warning("guard.postponed", error=error.code)
            return
        except Exception as error:
            log.exception("guard.failed")
            self._on_error(error)
            return
        guest.looked_at = time.monotonic()
        if not admitted:
            log.info("guard.shown_out", account_id=str(guest.caller.account_id))
            guest.show_out()
