"""What is told is what was committed."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import func, select

from diarist.database.session import Database
from diarist.domain.events import Event, EventKind, Lagged
from diarist.events.log import EventLog
from diarist.events.models import EventRow
from diarist.plugins import load
from diarist.ports.event_bus import EventBus

PATIENCE = 10.0


@pytest.fixture
async def bus() -> AsyncIterator[EventBus]:
    async with load("diarist.event_buses", "memory")("memory:test_log") as bus:
        yield bus


def event(account_id: UUID, kind: EventKind = EventKind.ENTRY_CREATED) -> Event:
    return Event(kind=kind, account_id=account_id, recording_id=UUID(int=3), data={"version": 2})


async def rows(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(EventRow)) or 0


async def test_an_event_is_written_with_what_it_tells_of_and_told_afterwards(
    database: Database, account_id: UUID, bus: EventBus
) -> None:
    told: list[Event | Lagged] = []
    async with bus.subscribe() as heard:
        async with EventLog.open(bus) as log:
            async with database.write() as session:
                log.append(session, event(account_id))
                log.hint(session, event(account_id, EventKind.JOB_CHANGED))
                assert await rows(database) == 0
            assert await rows(database) == 1
        async with asyncio.timeout(PATIENCE):
            told = [await anext(heard), await anext(heard)]
    assert told == [event(account_id), event(account_id, EventKind.JOB_CHANGED)]
    async with database.read() as session:
        row = (await session.scalars(select(EventRow))).one()
    assert (row.kind, row.account_id, row.job_id, row.recording_id, row.data, row.position) == (
        *("entry.created", account_id, None, UUID(int=3), {"version": 2}, None),
    )


async def test_what_did_not_happen_is_not_told(database: Database, account_id: UUID, bus: EventBus) -> None:
    async with bus.subscribe() as heard:
        async with EventLog.open(bus) as log:
            with pytest.raises(ZeroDivisionError):
                async with database.write() as session:
                    log.append(session, event(account_id))
                    raise ZeroDivisionError
            async with database.write() as session:
                log.hint(session, event(account_id, EventKind.JOB_CHANGED))
        async with asyncio.timeout(PATIENCE):
            assert await anext(heard) == event(account_id, EventKind.JOB_CHANGED)
    assert await rows(database) == 0


async def test_a_kind_that_is_a_hint_is_not_written_down(database: Database, account_id: UUID, bus: EventBus) -> None:
    async with EventLog.open(bus) as log, database.write() as session:
        with pytest.raises(AssertionError):
            log.append(session, event(account_id, EventKind.TASK_PROGRESS))
