"""Tells what happens in a transaction: durably, as part of it, and by the bus once it has committed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Self

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import utc_now
from diarist.database.session import after_commit, before_commit
from diarist.domain.events import DURABLE, Event
from diarist.events.models import EventRow
from diarist.ports.event_bus import EventBus
from diarist.telemetry.metrics.business import BusinessMetrics
from diarist.telemetry.metrics.catalogue import Catalogue

_EVENTS: Table = EventRow.__table__  # type: ignore[assignment]  # the declaration says FromClause, it is a Table
_APPENDED = "diarist_events"


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that is written down, and when it happened."""

    event: Event
    at: datetime


Addressing = Callable[[AsyncSession, Sequence[Happened]], Awaitable[None]]
"""Writes down to whom events are to be sent, in the transaction that writes them down."""


async def _to_nobody(_session: AsyncSession, _happened: Sequence[Happened]) -> None:
    pass


class EventLog:
    """Of one Runtime."""

    def __init__(self, bus: EventBus, addressing: Addressing = _to_nobody, metrics: BusinessMetrics | None = None) -> None:
        self._bus = bus
        self._addressing = addressing
        self._metrics = metrics or BusinessMetrics.open(Catalogue.open())
        self._telling: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, bus: EventBus, addressing: Addressing = _to_nobody, metrics: BusinessMetrics | None = None
    ) -> AsyncIterator[Self]:
        """At the end, what is still to be told is told."""
        log = cls(bus, addressing, metrics)
        try:
            yield log
        finally:
            await asyncio.gather(*log._telling)

    def append(self, session: AsyncSession, event: Event) -> None:
        """Write an event of a durable kind down if the transaction commits; all of them in one statement at its end."""
        assert event.kind in DURABLE  # noqa: S101 - which kinds are durable is known where they are named
        appended: list[Happened] = session.info.setdefault(_APPENDED, [])
        if not appended:
            before_commit(session, partial(self._write, session))
        appended.append(Happened(event, utc_now()))
        after_commit(session, partial(self._metrics.happened, event))
        self.hint(session, event)

    def hint(self, session: AsyncSession, event: Event) -> None:
        """Tell the bus once the transaction has committed."""
        after_commit(session, partial(self.tell, event))

    def tell(self, event: Event) -> None:
        """Tell the bus, and nobody but those who listen now."""
        task = asyncio.get_running_loop().create_task(self._bus.publish(event))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _write(self, session: AsyncSession) -> None:
        happened: list[Happened] = session.info.pop(_APPENDED)
        await session.execute(insert(_EVENTS), [_row(one) for one in happened])
        await self._addressing(session, happened)


def _row(happened: Happened) -> dict[str, object]:
    event = happened.event
    return {
        "account_id": event.account_id,
        "kind": event.kind.value,
        "job_id": event.job_id,
        "recording_id": event.recording_id,
        "data": dict(event.data),
        "at": happened.at,
    }
