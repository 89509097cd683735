"""One feed, a real database and a bus: what listeners are told, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from diarist.database.session import Database
from diarist.domain.events import Event, EventKind
from diarist.live.feed import Feed
from diarist.live.following import Following
from diarist.live.told import Told
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.wiring import open_runtime

PATIENCE = 20.0


@pytest.fixture
async def runtime(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    async with open_runtime(settings, None) as runtime:
        yield runtime


@pytest.fixture
async def feed(runtime: Runtime) -> AsyncIterator[Feed]:
    async with Feed.open(runtime) as feed:
        yield feed


async def happen(runtime: Runtime, account_id: UUID, *numbers: int) -> None:
    async with runtime.database.write() as session:
        for number in numbers:
            runtime.event_log.append(
                session, Event(kind=EventKind.ENTRY_CREATED, account_id=account_id, data={"version": number})
            )


async def heard(feed: Feed, account_id: UUID, count: int, after: int | None) -> list[int | None]:
    """The positions of what one reader is told, from what it has missed to what happens."""
    following = Following(feed, account_id, job_id=None, after=after)
    await feed.ready()
    found: list[Told] = []
    with following.listening(lambda: None):
        async for messages in following:
            found += messages
            if len(found) > count:
                break
    return [message.position for message in found]


async def test_between_what_was_missed_and_what_happens_there_is_no_hole(runtime: Runtime, feed: Feed, account_id: UUID) -> None:
    many = 60
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        writing = [tasks.create_task(happen(runtime, account_id, number)) for number in range(many // 2)]
        readers = []
        for after in (0, 0, 0, 0):
            readers.append(tasks.create_task(heard(feed, account_id, many, after)))
            await asyncio.sleep(0.02)
        await asyncio.gather(*writing)
        for number in range(many // 2):
            await happen(runtime, account_id, number)
    for reader in readers:
        assert reader.result() == [0, *range(1, many + 1)]


async def test_who_begins_after_nobody_has_listened_hears_only_what_is_new(
    runtime: Runtime, feed: Feed, account_id: UUID
) -> None:
    async with asyncio.timeout(PATIENCE):
        first = asyncio.create_task(heard(feed, account_id, 1, None))
        while not feed.number:
            await asyncio.sleep(0)
        await happen(runtime, account_id, 1)
        assert await first == [0, 1]
        await happen(runtime, account_id, 2, 3)
        await feed.caught_up()
        second = asyncio.create_task(heard(feed, account_id, 1, None))
        while not feed.number:
            await asyncio.sleep(0)
        await happen(runtime, account_id, 4)
        assert await second == [3, 4]


async def test_what_no_bus_tells_of_is_found_all_the_same(
    runtime: Runtime, feed: Feed, settings: Settings, account_id: UUID
) -> None:
    elsewhere = settings.model_copy(update={"events": settings.events.model_copy(update={"url": "memory:elsewhere"})})
    async with asyncio.timeout(PATIENCE), open_runtime(elsewhere, None) as other:
        reading = asyncio.create_task(heard(feed, account_id, 1, None))
        while not feed.number:
            await asyncio.sleep(0)
        await happen(other, account_id, 1)
        assert await reading == [0, 1]


async def test_an_account_hears_nothing_of_another(runtime: Runtime, feed: Feed, account_id: UUID) -> None:
    async with asyncio.timeout(PATIENCE):
        stranger = Following(feed, UUID(int=7), job_id=None, after=0)
        await feed.ready()
        with stranger.listening(lambda: None):
            await happen(runtime, account_id, 1)
            await feed.caught_up()
            await runtime.events.publish(Event(kind=EventKind.BUDGET_NEARLY_SPENT, account_id=account_id))
            stranger.stop()
            told = [message.kind async for messages in stranger for message in messages]
    assert told == ["stream.opened"]
