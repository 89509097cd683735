"""Readers that go on from a position see every event once, whatever the order in which writers commit."""

import asyncio
import random
from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.domain.events import Event, EventKind
from diarist.events import places, reading
from diarist.events.log import EventLog
from diarist.events.models import EventLogRow, EventRow
from diarist.events.sweeping import sweep_events
from diarist.plugins import load
from diarist.settings import EventSettings

WRITERS, EACH = 4, 8


def event(account_id: UUID, number: int) -> Event:
    return Event(kind=EventKind.JOB_SUCCEEDED, account_id=account_id, data={"number": number})


async def append(database: Database, account_id: UUID, *numbers: int) -> None:
    async with load("diarist.event_buses", "memory")("memory:") as bus, EventLog.open(bus) as log, database.write() as session:
        for number in numbers:
            log.append(session, event(account_id, number))


async def seen(database: Database, after: int = 0) -> list[int]:
    return [row.data["number"] for row in await reading.read_all(database, after)]


async def test_what_is_committed_gets_positions_without_a_hole(database: Database, account_id: UUID) -> None:
    await append(database, account_id, 1, 2)
    assert (await reading.standing(database)).unplaced
    assert await seen(database) == []
    assert await places.place(database)
    await append(database, account_id, 3)
    await places.place(database)
    rows = await reading.read_all(database, 0)
    assert [(row.position, row.data["number"]) for row in rows] == [(1, 1), (2, 2), (3, 3)]
    assert await reading.standing(database) == reading.Standing(placed=3, swept=0, unplaced=False)
    assert await seen(database, 2) == [3]


async def test_readers_lose_nothing_while_many_write(database: Database, account_id: UUID) -> None:
    chance, writing = random.Random(7), True

    async def write(writer: int) -> None:
        for number in range(EACH):
            await append(database, account_id, writer * EACH + number)
            await asyncio.sleep(chance.random() / 500)

    async def read() -> list[int]:
        found: list[int] = []
        after, more = 0, True
        while more:
            more = writing
            await places.place(database)
            rows = await reading.read(database, account_id, after=after, limit=chance.randint(1, 9))
            found += [row.data["number"] for row in rows]
            after = rows[-1].position or 0 if rows else after
            more = more or bool(rows)
            await asyncio.sleep(0)
        return found

    readers = [asyncio.create_task(read()) for _ in range(3)]
    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    writing = False
    first, *others = await asyncio.gather(*readers)
    assert Counter(first) == Counter(range(WRITERS * EACH))
    assert all(other == first for other in others)
    for writer in range(WRITERS):
        own = [number for number in first if number // EACH == writer]
        assert own == sorted(own)


@pytest.mark.postgresql_only  # SQLite has one writer at a time
async def test_what_is_written_first_and_committed_last_comes_last(database: Database, account_id: UUID) -> None:
    async with database.write() as early:
        await early.execute(insert(EventRow), [row(account_id, 1)])
        await append(database, account_id, 2)
        await places.place(database)
        assert await seen(database) == [2]
        after = (await reading.standing(database)).placed
    async with database.read() as session:
        assert list(await session.scalars(select(EventRow.data["number"].as_integer()).order_by(EventRow.id))) == [1, 2]
    await places.place(database)
    assert await seen(database, after) == [1]


@pytest.mark.postgresql_only
async def test_one_at_a_time_gives_positions(database: Database, account_id: UUID) -> None:
    await append(database, account_id, 1)
    async with database.write() as busy:
        await busy.execute(select(EventLogRow).with_for_update())
        assert not await places.place(database)
        assert await places.sweep(database, seconds=0.001, most=1000) == 0
    assert await places.place(database)


async def test_what_is_old_or_too_much_is_taken_away_and_positions_go_on(database: Database, account_id: UUID) -> None:
    await append(database, account_id, *range(5))
    kept = EventSettings(keep_seconds=3600.0)
    assert await sweep_events(database, kept) == 0
    async with database.write() as session:
        await session.execute(update(EventRow).where(EventRow.position <= 3).values(at=utc_now().replace(year=2020)))
    assert await sweep_events(database, kept) == 3
    assert await reading.standing(database) == reading.Standing(placed=5, swept=3, unplaced=False)
    assert await seen(database) == [3, 4]
    assert await places.sweep(database, seconds=3600.0, most=0) == 2
    await append(database, account_id, 9)
    await places.place(database)
    assert [(row.position, row.data["number"]) for row in await reading.read_all(database, 0)] == [(6, 9)]


def row(account_id: UUID, number: int) -> dict[str, object]:
    return {"account_id": account_id, "kind": EventKind.JOB_SUCCEEDED.value, "data": {"number": number}, "at": utc_now()}
