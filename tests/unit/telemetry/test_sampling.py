"""Threads are seen at what they do, and tasks at what they wait for."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from diarist.telemetry.sampling import UNSEEN, sample
from diarist.telemetry.task_stacks import task_stacks
from waiting import until


def busy_loop(enough: threading.Event) -> None:
    while not enough.is_set():
        sum(range(100))


def idle_loop(enough: threading.Event) -> None:
    enough.wait()


def waits(thread: threading.Thread) -> bool:
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code is threading.Condition.wait.__code__


@contextmanager
def at_it() -> Iterator[None]:
    enough = threading.Event()
    idle, busy = (threading.Thread(target=doing, args=(enough,), name=doing.__name__) for doing in (idle_loop, busy_loop))
    idle.start()
    until(lambda: waits(idle))  # to come so far takes a processor, too
    busy.start()
    try:
        yield
    finally:
        enough.set()
        for thread in (idle, busy):
            thread.join()


def test_who_computes_is_seen_and_who_waits_only_when_asked_for() -> None:
    with at_it():
        working, all_of_them = sample(0.3), sample(0.3, waiting=True)
    assert any(stack.startswith("busy_loop;") and f"{__name__}:busy_loop" in stack for stack in working)
    assert not any(stack.startswith("idle_loop;") for stack in working)
    assert any(stack.startswith("idle_loop;") and f"{__name__}:idle_loop" in stack for stack in all_of_them)


def test_the_thread_that_looks_is_left_out() -> None:
    assert not any("telemetry.sampling:sample" in stack for stack in sample(0.1, waiting=True))


async def test_a_task_is_told_with_all_that_it_waits_through() -> None:
    never = asyncio.Event()

    async def numbers() -> AsyncIterator[int]:
        await never.wait()
        yield 1

    async def inner() -> None:
        async for _ in numbers():
            pass

    async def outer() -> None:
        await inner()

    task = asyncio.create_task(outer(), name="the outer one")
    await asyncio.sleep(0)
    (told,) = [one for one in await asyncio.to_thread(task_stacks, asyncio.get_running_loop()) if one.name == "the outer one"]
    task.cancel()
    assert told.coroutine.endswith("outer")
    assert [place.rpartition(".")[2] for place in told.at][:2] == ["outer", "inner"]
    assert all(place.startswith((__name__, "asyncio")) for place in told.at)


def test_what_threads_take_that_python_does_not_know_is_told_as_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = iter((1.0, 4.0))
    monkeypatch.setattr("diarist.telemetry.sampling.time.process_time", lambda: next(taken))
    stacks = sample(0.05)
    assert 2.0 < stacks[UNSEEN] <= 3.0
    monkeypatch.undo()
    assert UNSEEN not in sample(0.05, waiting=True)
