"""Bells by way of a real Redis, which is killed, emptied and left alone."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import waiting
from diarist.errors import BrokerUnavailable, Misconfigured
from diarist.queue.broker import ENOUGH_BELLS, Group, RedisBells
from diarist.queue.eviction import eviction_policy, refuse_eviction
from redis_server import RedisServer, redis_server

PATIENCE = 20.0
until = partial(waiting.until, patience=PATIENCE, pause=0.02)
AUDIO = (Group(("audio",), 2),)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


@contextmanager
def ringing(url: str, answer: Callable[[str], None] = lambda queue: None, groups: tuple[Group, ...] = ()) -> Iterator[RedisBells]:
    bells = RedisBells(url, answer, groups)
    bells.start()
    try:
        yield bells
    finally:
        bells.stop()


class Ears:
    """What was heard, by a process that works."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def answer(self, queue: str) -> None:
        self.heard.append(queue)

    def hear(self, count: int) -> bool:
        return bool(until(lambda: len(self.heard) >= count))


def test_one_process_rings_and_another_answers_for_its_own_queues_only(server: RedisServer) -> None:
    ears = Ears()
    with ringing(server.url) as api, ringing(server.url, ears.answer, AUDIO):
        api.ring("llm")
        api.ring("audio")
        assert ears.hear(1)
        with server.client() as client:
            assert until(lambda: client.llen("diarist:llm") == 1)
    assert ears.heard == ["audio"]


def test_a_bell_that_was_answered_is_gone(server: RedisServer) -> None:
    ears = Ears()
    with ringing(server.url, ears.answer, AUDIO) as bells, server.client() as client:
        bells.ring("audio")
        assert ears.hear(1)
        assert until(lambda: not client.exists("diarist:audio.msgs"))


def test_a_busy_process_leaves_bells_to_an_idle_one(server: RedisServer) -> None:
    begun, enough, idle = threading.Event(), threading.Event(), Ears()
    one = (Group(("audio",), 1),)

    def long(queue: str) -> None:
        begun.set()
        enough.wait(PATIENCE)

    with ringing(server.url, long, one) as busy:
        busy.ring("audio")
        assert begun.wait(PATIENCE)
        with ringing(server.url, idle.answer, one):
            busy.ring("audio")
            heard = idle.hear(1)
        enough.set()
    assert heard


def test_bells_do_not_pile_up_while_nobody_works(server: RedisServer) -> None:
    with server.client() as client:
        client.rpush("diarist:audio", *["bell"] * ENOUGH_BELLS)
        with ringing(server.url) as api:
            for _ in range(20):
                api.ring("audio")
            api.ring("llm")
            assert until(lambda: client.llen("diarist:llm") == 1)
            assert until(lambda: not api._ringer._due)
        assert client.llen("diarist:audio") == ENOUGH_BELLS


def test_ringing_returns_at_once_when_redis_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, says nothing
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        api = RedisBells(url, lambda queue: None)
        api.start()
        begun = time.monotonic()
        for _ in range(100):
            api.ring("audio")
        assert time.monotonic() - begun < 0.5
        api.stop()
        assert time.monotonic() - begun < 5


@pytest.mark.slow
def test_workers_go_on_by_themselves_after_redis_was_killed_and_started_again(server: RedisServer) -> None:
    ears = Ears()
    with ringing(server.url) as api, ringing(server.url, ears.answer, AUDIO):
        api.ring("audio")
        assert ears.hear(1)
        server.kill()
        api.ring("audio")
        time.sleep(1)  # long enough for everybody to notice
        server.start()
        assert ears.hear(2)


@pytest.mark.slow
def test_workers_go_on_by_themselves_after_everything_was_flushed(server: RedisServer) -> None:
    ears = Ears()
    with ringing(server.url, ears.answer, AUDIO) as bells, server.client() as client:
        bells.ring("audio")
        assert ears.hear(1)
        client.flushall()
        client.script_flush()
        bells.ring("audio")
        assert ears.hear(2)


@pytest.mark.slow
def test_a_process_whose_redis_is_away_ends_within_seconds(server: RedisServer) -> None:
    begun, enough = threading.Event(), threading.Event()

    def long(queue: str) -> None:
        begun.set()
        enough.wait(PATIENCE)

    bells = RedisBells(server.url, long, AUDIO)
    bells.start()
    bells.ring("audio")
    assert begun.wait(PATIENCE)
    server.kill()
    enough.set()
    time.sleep(0.5)  # its thread cannot tell Redis that the bell was answered
    started = time.monotonic()
    bells.stop()
    assert time.monotonic() - started < 6


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
def test_a_redis_that_evicts_is_refused(server: RedisServer, policy: str) -> None:
    refuse_eviction(server.url)
    with server.client() as client:
        client.config_set("maxmemory-policy", policy)
    with pytest.raises(Misconfigured, match=policy) as refused:
        refuse_eviction(server.url)
    assert "noeviction" in refused.value.advice


def test_a_redis_that_does_not_tell_its_policy_is_taken(server: RedisServer) -> None:
    with server.client() as client:
        client.acl_setuser(
            "default", enabled=True, nopass=True, categories=["+@all"], commands=["-config"], keys=["*"], channels=["*"]
        )
        assert eviction_policy(server.url) is None
        refuse_eviction(server.url)


def test_a_redis_that_is_away_at_the_start_is_no_reason_not_to_start(tmp_path: Path) -> None:
    url = RedisServer(tmp_path).url
    with pytest.raises(BrokerUnavailable):
        eviction_policy(url)
    refuse_eviction(url)


def test_no_file_is_left_open_after_stopping(server: RedisServer) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with ringing(server.url, lambda queue: None, AUDIO) as bells:
        bells.ring("audio")
        time.sleep(0.3)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
