"""One way to count in memory and in Redis: a real one, which is killed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from diarist.http.rate_counts import Counts, MemoryCounts, RedisCounts
from diarist.http.rates import Rate
from redis_server import RedisServer, redis_server

HOURLY = Rate(3, 3600)
"""Nothing becomes free while a test runs."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def counts(request: pytest.FixtureRequest) -> AsyncIterator[Counts]:
    if request.param == "memory":
        yield MemoryCounts()
        return
    server: RedisServer = request.getfixturevalue("redis")
    with server.client() as client:
        client.flushall()
    async with RedisCounts.open(server.url) as counts:
        yield counts


async def test_it_is_counted_by_name(counts: Counts) -> None:
    verdicts = [await counts.count("anna", HOURLY) for _ in range(5)]
    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False, False]
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0, 0]
    assert 1190 < verdicts[3].retry_after <= 1200
    assert (await counts.count("zoe", HOURLY)).remaining == 2


async def test_what_was_counted_is_shared_by_those_who_share_a_redis(redis: RedisServer) -> None:
    with redis.client() as client:
        client.flushall()
    async with RedisCounts.open(redis.url) as one, RedisCounts.open(redis.url) as other:
        for counts in (one, other, one):
            assert (await counts.count("anna", HOURLY)).allowed
        assert not (await other.count("anna", HOURLY)).allowed


async def test_nothing_is_left_in_redis_for_longer_than_it_matters(redis: RedisServer) -> None:
    async with RedisCounts.open(redis.url) as counts:
        await counts.count("brief", Rate(10, 5))
    with redis.client() as client:
        assert 0 < int(client.pttl("diarist:rate:brief")) <= 500


async def test_without_redis_each_process_counts_for_itself(tmp_path: Path) -> None:
    with redis_server(tmp_path) as server:
        async with RedisCounts.open(server.url) as counts:
            assert (await counts.count("anna", HOURLY)).remaining == 2
            server.kill()
            assert [(await counts.count("anna", HOURLY)).allowed for _ in range(4)] == [True, True, True, False]


async def test_of_very_many_names_those_that_were_quiet_longest_are_let_go() -> None:
    counts = MemoryCounts(most=2)
    for name in ("anna", "zoe", "anna", "eve"):
        await counts.count(name, HOURLY)
    assert (await counts.count("anna", HOURLY)).remaining == 0
    assert (await counts.count("zoe", HOURLY)).remaining == 2
