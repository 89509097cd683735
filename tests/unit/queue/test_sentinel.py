"""Bells by way of a Redis that a real Sentinel watches over."""

import gc
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from diarist.queue.broker import Group, RedisBells
from diarist.queue.eviction import eviction_policy
from diarist.redis_client import connect_async
from postgres_server import free_port
from redis_server import RedisServer, program, redis_server
from waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
def master(tmp_path: Path) -> Iterator[RedisServer]:
    (tmp_path / "master").mkdir()
    with redis_server(tmp_path / "master") as server:
        yield server


@pytest.fixture
def replica(tmp_path: Path, master: RedisServer) -> Iterator[RedisServer]:
    (tmp_path / "replica").mkdir()
    with redis_server(tmp_path / "replica") as server:
        with server.client() as client:
            client.replicaof("127.0.0.1", master.port)
            until(lambda: client.info("replication")["master_link_status"] == "up", patience=20, pause=0.05)
        yield server


@pytest.fixture
def sentinel(tmp_path: Path, master: RedisServer) -> Iterator[int]:
    port, file = free_port(), tmp_path / "sentinel.conf"
    about = "\nsentinel ".join(("", f"monitor ours 127.0.0.1 {master.port} 1", "down-after-milliseconds ours 500"))
    file.write_text(f"port {port}\nbind 127.0.0.1\ndir {tmp_path}{about}\n")
    process = subprocess.Popen([program(), str(file), "--sentinel"], stdout=subprocess.DEVNULL)
    until(lambda: asked(port, "PING"), patience=10, pause=0.02, process=process)
    yield port
    process.kill()
    process.wait(10)


def asked(port: int, *command: str) -> Any:
    with redis.Redis(port=port, decode_responses=True) as client:
        try:
            return client.execute_command(*command)
        except redis.ConnectionError:
            return None


def master_port(sentinel: int) -> int:
    address = asked(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "ours")
    return int(address[1]) if address else 0


async def test_the_master_is_found_through_it(sentinel: int) -> None:
    url = f"redis+sentinel://127.0.0.1:{sentinel}/ours/1"
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


async def test_when_the_master_dies_bells_ring_by_way_of_the_new_one(
    master: RedisServer, replica: RedisServer, sentinel: int
) -> None:
    until(lambda: asked(sentinel, "SENTINEL", "REPLICAS", "ours"), patience=30, pause=0.1)
    heard = threading.Semaphore(0)
    bells = RedisBells(f"redis+sentinel://127.0.0.1:{sentinel}/ours/1", lambda queue: heard.release(), (Group(("audio",), 1),))
    bells.start()
    bells.ring("audio")
    assert heard.acquire(timeout=20)
    master.kill()
    until(lambda: master_port(sentinel) == replica.port, patience=60, pause=0.1)

    def rung() -> bool:
        # One that is rung while nobody is master may be lost, as any bell may: the sweeper rings again.
        bells.ring("audio")
        return heard.acquire(timeout=1)

    until(rung, patience=60, pause=0.1)
    bells.stop()
