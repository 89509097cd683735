"""What every event bus promises: in memory and by way of a real Redis alike."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from uuid import UUID, uuid4

import pytest

from diarist.domain.events import Event, EventKind, Lagged
from diarist.plugins import load
from diarist.ports.event_bus import MAILBOX, EventBus
from redis_server import redis_server

PATIENCE = 10.0
ACCOUNT = UUID(int=1)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("redis_url")) if request.param == "redis" else f"memory:{uuid4()}"


def opened(url: str) -> AbstractAsyncContextManager[EventBus]:
    bus: AbstractAsyncContextManager[EventBus] = load("diarist.event_buses", url.partition(":")[0])(url)
    return bus


@pytest.fixture
async def bus(url: str) -> AsyncIterator[EventBus]:
    async with opened(url) as bus:
        yield bus


def event(number: int) -> Event:
    return Event(kind=EventKind.TASK_PROGRESS, account_id=ACCOUNT, job_id=UUID(int=number), data={"number": number})


async def take(events: AsyncIterator[Event | Lagged], count: int) -> list[Event | Lagged]:
    async with asyncio.timeout(PATIENCE):
        return [await anext(events) for _ in range(count)]


async def test_every_subscriber_hears_every_event_in_order(bus: EventBus) -> None:
    sent = [event(number) for number in range(20)]
    async with bus.subscribe() as one, bus.subscribe() as other:
        for each in sent:
            await bus.publish(each)
        assert await take(one, 20) == sent
        assert await take(other, 20) == sent


async def test_an_event_arrives_as_it_was_sent(bus: EventBus) -> None:
    sent = Event(
        kind=EventKind.JOB_CANCELLED, account_id=uuid4(), job_id=uuid4(), recording_id=uuid4(), data={"a": [1, 2.5, None, "ü"]}
    )
    async with bus.subscribe() as events:
        await bus.publish(sent)
        assert await take(events, 1) == [sent]


async def test_what_was_told_before_is_not_heard(bus: EventBus) -> None:
    async with bus.subscribe() as earlier:
        await bus.publish(event(1))
        await take(earlier, 1)
    async with bus.subscribe() as events:
        await bus.publish(event(2))
        assert await take(events, 1) == [event(2)]


async def test_a_subscriber_hears_only_the_kinds_it_wants(bus: EventBus) -> None:
    wanted, told = EventKind.JOB_CANCELLED, (EventKind.JOB_CHANGED, EventKind.JOB_CANCELLED, EventKind.TASK_PROGRESS)
    async with bus.subscribe(wanted) as some, bus.subscribe() as every:
        for kind in (*told, wanted):
            await bus.publish(Event(kind=kind, account_id=ACCOUNT))
        assert [one.kind for one in await take(every, 4) if isinstance(one, Event)] == [*told, wanted]
        assert [one.kind for one in await take(some, 2) if isinstance(one, Event)] == [wanted, wanted]


async def test_nobody_has_to_listen(bus: EventBus) -> None:
    await bus.publish(event(1))


async def test_a_slow_subscriber_loses_the_oldest_and_is_told(bus: EventBus) -> None:
    async with bus.subscribe() as slow, bus.subscribe() as quick:
        for number in range(MAILBOX + 5):
            await bus.publish(event(number))
            assert await take(quick, 1) == [event(number)]
        assert await take(slow, 2) == [Lagged(5), event(5)]
        rest = await take(slow, MAILBOX - 1)
        assert rest[-1] == event(MAILBOX + 4)


async def test_event_loops_in_other_threads_hear_too(url: str, bus: EventBus) -> None:
    heard: list[Event | Lagged] = []
    listening = threading.Event()

    async def listen() -> None:
        async with opened(url) as own, own.subscribe() as events:
            listening.set()
            heard.extend(await take(events, 2))
            await own.publish(event(3))

    thread = threading.Thread(target=asyncio.run, args=(listen(),))
    async with bus.subscribe() as events:
        thread.start()
        await asyncio.to_thread(listening.wait, PATIENCE)
        await bus.publish(event(1))
        await bus.publish(event(2))
        assert await take(events, 3) == [event(1), event(2), event(3)]
    thread.join(PATIENCE)
    assert heard == [event(1), event(2)]


async def test_a_subscriber_that_has_gone_is_forgotten(bus: EventBus) -> None:
    async with bus.subscribe() as kept:
        async with bus.subscribe():
            pass
        await bus.publish(event(1))
        assert await take(kept, 1) == [event(1)]
