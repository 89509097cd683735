from collections.abc import Iterator
from pathlib import Path

import pytest

from diarist.cli.checks.check import Check, Status
from diarist.cli.checks.redis import redis
from diarist.settings import BrokerSettings, CacheSettings, EventSettings, Settings
from redis_server import RedisServer, redis_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


async def looked(**settings: BrokerSettings | CacheSettings | EventSettings) -> dict[str, Check]:
    chosen = Settings().model_copy(update=dict(settings))
    return {check.name: check async for check in redis(chosen)}


async def test_an_embedded_installation_has_nothing_to_look_at() -> None:
    assert await looked() == {}


async def test_all_that_is_configured_is_looked_at(server: RedisServer) -> None:
    found = await looked(broker=BrokerSettings(url=server.url), cache=CacheSettings(url=server.url))
    assert {name: check.status for name, check in found.items()} == dict.fromkeys(("broker", "cache", "event bus"), Status.OK)
    assert "noeviction" in found["broker"].detail
    assert " ms" in found["event bus"].detail


async def test_a_broker_that_evicts_is_broken(server: RedisServer) -> None:
    with server.client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        found = await looked(broker=BrokerSettings(url=server.url))
        client.config_set("maxmemory-policy", "noeviction")
    assert found["broker"].status is Status.FAIL
    assert "noeviction" in (found["broker"].advice or "")


async def test_what_is_away_is_told_and_its_password_is_not(tmp_path: Path) -> None:
    url = RedisServer(tmp_path).url.replace("//", "//:secret@")
    found = await looked(broker=BrokerSettings(url=url), cache=CacheSettings(url=url), events=EventSettings(url=url))
    assert [check.status for check in found.values()] == [Status.FAIL] * 3
    assert "secret" not in str(found)


async def test_events_in_memory_come_back() -> None:
    found = await looked(events=EventSettings(url="memory:here"))
    assert found["event bus"].status is Status.OK
