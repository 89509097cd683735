"""The bus by way of Redis, when Redis is killed, silent, or full of nonsense."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from diarist.adapters.event_buses.redis import RedisBus, channel, open_bus
from diarist.domain.events import Event, EventKind, Lagged
from redis_server import RedisServer, redis_server

EVENT = Event(kind=EventKind.JOB_CHANGED, account_id=UUID(int=1))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


async def publish_until_heard(bus: RedisBus, events: AsyncIterator[Event | Lagged]) -> list[Event | Lagged]:
    heard: list[Event | Lagged] = []

    async def listen() -> None:
        async for one in events:
            heard.append(one)
            if one == EVENT:
                return

    async with asyncio.timeout(30):
        listening = asyncio.create_task(listen())
        while not listening.done():
            await bus.publish(EVENT)
            await asyncio.sleep(0.05)
        await listening
    return heard


@pytest.mark.slow
async def test_it_comes_back_by_itself_and_tells_that_events_were_missed(server: RedisServer) -> None:
    async with open_bus(server.url) as bus, bus.subscribe() as events:
        assert await publish_until_heard(bus, events) == [EVENT]
        server.kill()
        await bus.publish(EVENT)
        await asyncio.sleep(0.5)
        server.start()
        heard = await publish_until_heard(bus, events)
    assert Lagged(None) in heard


async def test_without_redis_nothing_waits_and_nothing_fails(tmp_path: Path) -> None:
    began = time.monotonic()
    async with open_bus(RedisServer(tmp_path).url) as bus:
        for _ in range(2000):
            await bus.publish(EVENT)
        async with bus.subscribe() as events:
            assert await anext(events) == Lagged(None)
    assert time.monotonic() - began < 8


async def test_a_redis_that_says_nothing_delays_nobody_who_publishes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with open_bus(f"redis://127.0.0.1:{silent.getsockname()[1]}/0") as bus:
            began = time.monotonic()
            await bus.publish(EVENT)
            assert time.monotonic() - began < 0.2
        assert time.monotonic() - began < 4


async def test_what_is_no_event_is_passed_over(server: RedisServer) -> None:
    async with open_bus(server.url) as bus, bus.subscribe() as events:
        with server.client() as client:
            for nonsense in ("", "[]", "{}", '{"kind":"of.the.future","account_id":"' + "0" * 32 + '"}'):
                client.publish(channel(EVENT.kind), nonsense)
        await bus.publish(EVENT)
        async with asyncio.timeout(10):
            assert await anext(events) == EVENT
