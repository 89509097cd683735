"""A fleet for the tests that need one, with a Redis of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet import Fleet, fleet
from postgres_server import PostgresServer
from redis_server import RedisServer, redis_server


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def diarist(tmp_path: Path, postgres: PostgresServer, redis: RedisServer) -> Iterator[Fleet]:
    with fleet(tmp_path, postgres, redis) as found:
        yield found
