"""All streams of a process share one subscription of the bus and one reader of the log.

The bus only says that there is something to read; it may be silent, or away. What is told comes from the log, in its order.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Self
from uuid import UUID

import structlog

from diarist.domain.events import DURABLE, ENDS, Event, EventKind, Lagged
from diarist.errors import Unavailable
from diarist.events import places, reading
from diarist.failures.failure import Context, FailureKind
from diarist.live.guard import Guard
from diarist.live.listener import Listener
from diarist.live.progress import ProgressTeller
from diarist.live.told import Told, told, told_from_row
from diarist.runtime import Runtime

POLL = 2.0
"""Seconds after which the log is looked at though nobody has said that there is anything."""
GATHER = 0.1
"""Seconds between two readings: what comes close together is read at once."""
_PORTION = 5
"""Events that are told before whoever reads gets a turn."""
_MOMENT = 0.02
"""Seconds in which others give out positions."""
_PATIENCE = 5.0
"""Seconds until the next try when the database is away."""

log = structlog.get_logger(__name__)


class TooManyStreams(Unavailable):
    """This server has as many streams open as it may."""

    code = "too_many_streams"
    advice = (
        "Wait a moment and connect again; another server of the fleet may have room. DIARIST_EVENTS__MAX_STREAMS is the limit."
    )


class Feed:
    """Of one event loop; it begins with its first listener, and goes on until it is closed."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.ending = False
        """Whether the process ends: streams end, and readers are to come back to another."""
        self.guard = Guard(on_error=lambda error: self._note(error, "guard"))
        """Of all who are connected."""
        self._listeners: defaultdict[UUID, set[Listener]] = defaultdict(set)
        self._number = 0
        self._position = 0
        self._progress = ProgressTeller(runtime, self._tell)
        self._hinted = asyncio.Event()
        self._reading = asyncio.Lock()
        self._readings = 0
        self._beginning = asyncio.Lock()
        self._begun = False
        self._opened = AsyncExitStack()

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator[Self]:
        """Costs nothing until somebody listens."""
        feed = cls(runtime)
        try:
            yield feed
        finally:
            feed.end()
            await feed._opened.aclose()

    @property
    def number(self) -> int:
        """How many listen."""
        return self._number

    def end(self) -> None:
        """Let every stream end after what it has been told."""
        self.ending = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()

    async def ready(self) -> None:
        """Begin, or go on after nobody has listened; raises `Unavailable` when the log cannot be read.

        Whoever listens does so at once afterwards, with nothing awaited in between.
        """
        async with self._beginning:
            if self._number == 0:
                self._position = (await reading.standing(self.runtime.database)).placed
            if not self._begun:
                await self._begin()
                self._begun = True

    async def caught_up(self) -> None:
        """Return when all that was committed before has been told to those who listen."""
        found = self._readings
        async with self._reading:
            # A reading that has begun since then, while others were waited for, has seen it.
            while self._readings == found:
                if not await self._catch_up():
                    found = self._readings
                    await asyncio.sleep(_MOMENT)

    @contextmanager
    def listening(self, account_id: UUID, job_id: UUID | None, on_overrun: Callable[[], None]) -> Iterator[Listener]:
        """A listener to what happens from now on; the feed is `ready`. Raises `TooManyStreams`."""
        settings = self.runtime.settings.events
        if self._number >= settings.max_streams:
            raise TooManyStreams
        listener = Listener(job_id, since=self._position, size=settings.mailbox, on_overrun=on_overrun)
        if self.ending:
            listener.close()
        self._number += 1
        self._listeners[account_id].add(listener)
        try:
            yield listener
        finally:
            self._number -= 1
            self._listeners[account_id].discard(listener)
            if not self._listeners[account_id]:
                del self._listeners[account_id]

    async def _begin(self) -> None:
        events = await self._opened.enter_async_context(self.runtime.events.subscribe())
        works = (self._hear(events), self._read_on(), self._progress.run(), self.guard.run())
        tasks = [asyncio.create_task(work) for work in works]
        self._opened.push_async_callback(_stopped, tasks)

    async def _hear(self, events: AsyncIterator[Event | Lagged]) -> None:
        async for event in events:
            if isinstance(event, Lagged) or event.kind in DURABLE:
                self._hinted.set()
            if not isinstance(event, Lagged) and event.kind is EventKind.ACCESS_CHANGED:
                self.guard.doubt(event)
            if isinstance(event, Lagged) or event.account_id not in self._listeners:
                continue
            if event.kind in {EventKind.TRANSCRIPT_EXTENDED, EventKind.BUDGET_NEARLY_SPENT}:
                about = told(event.kind, event.data, job_id=event.job_id, recording_id=event.recording_id)
                self._tell(event.account_id, about)
            if event.job_id is not None and event.kind not in ENDS:
                self._progress.moved(event.account_id, event.job_id)

    async def _read_on(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._hinted.wait()
            self._hinted.clear()
            try:
                if self._listeners:
                    async with self._reading:
                        if not await self._catch_up():
                            self._hinted.set()
                await asyncio.sleep(GATHER)
            except Unavailable as error:
                log.warning("feed.postponed", error=error.code)
                await asyncio.sleep(_PATIENCE)
            except Exception as error:
                # Whatever it was, those who listen must go on being told.
                log.exception("feed.failed")
                self._note(error, "feed")
                await asyncio.sleep(_PATIENCE)

    def _note(self, error: Exception, place: str) -> None:
        self.runtime.failures.note(error, FailureKind.CHORE, Context(place=place))

    async def _catch_up(self) -> bool:
        """Tell all that has a position; False when something has none yet, as somebody else is giving it out."""
        self._readings += 1
        database = self.runtime.database
        placed = not (await reading.standing(database)).unplaced or await places.place(database)
        more = True
        while more:
            rows = await reading.read_all(database, self._position)
            for number, row in enumerate(rows, start=1):
                self._position = max(self._position, row.position or 0)
                self._tell(row.account_id, told_from_row(row))
                if number % _PORTION == 0:
                    # Let those who read do so: their mailboxes are not made for what comes all at once.
                    await asyncio.sleep(0)
            more = len(rows) == reading.AT_ONCE
        return placed

    def _tell(self, account_id: UUID, message: Told) -> None:
        for listener in list(self._listeners.get(account_id, ())):
            listener.put(message)


async def _stopped(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
