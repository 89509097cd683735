"""Real children that are ended when they are not needed, or have grown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from structlog.testing import capture_logs

from diarist.child.process import ChildProcess
from diarist.child.upkeep import Upkeep
from diarist.errors import ChildDied, MemoryExceeded
from waiting import until

MB = 10**6


class KeptChild:
    def __init__(self, **upkeep: Any) -> None:
        self.child = ChildProcess("child_handlers:open_handler", {}, name="the test child")
        self.upkeep = Upkeep(self.child, name="the test child", **upkeep)

    async def call(self, method: str, **params: Any) -> list[dict[str, Any]]:
        async with self.upkeep.in_use():
            return [message.body async for message in self.child.call(method, params)]

    async def is_ended(self) -> None:
        await asyncio.to_thread(until, lambda: self.child.pid is None)

    async def close(self) -> None:
        await self.child.close()
        await self.upkeep.close()


Keep = Callable[..., KeptChild]


@pytest.fixture
async def keep(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Keep]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    kept: list[KeptChild] = []

    def make(**upkeep: Any) -> KeptChild:
        kept.append(KeptChild(**upkeep))
        return kept[-1]

    yield make
    for one in kept:
        await one.close()


async def test_a_child_that_nobody_needs_is_ended_and_the_next_call_has_another(keep: Keep) -> None:
    kept = keep(idle_seconds=0.1)
    (first,) = await kept.call("echo")
    await kept.is_ended()
    await asyncio.to_thread(until, lambda: not psutil.pid_exists(first["pid"]))
    (second,) = await kept.call("echo")
    assert second["pid"] != first["pid"]


async def test_a_call_that_lasts_longer_puts_the_end_off(keep: Keep) -> None:
    kept = keep(idle_seconds=0.5)
    (first,) = await kept.call("echo")
    await kept.call("grow", bytes=1, seconds=1.0)
    (last,) = await kept.call("echo")
    assert last["pid"] == first["pid"]


async def test_without_upkeep_a_child_stays(keep: Keep) -> None:
    kept = keep()
    (first,) = await kept.call("grow", bytes=100 * MB)
    assert kept.child.pid == first["pid"]
    assert kept.upkeep._timer is None


async def test_what_has_grown_is_started_afresh_between_two_calls(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB)
    (small,) = await kept.call("grow", bytes=MB)
    assert kept.child.pid == small["pid"]
    with capture_logs() as logged:
        (large,) = await kept.call("grow", bytes=200 * MB)
    assert large["pid"] == small["pid"]
    await kept.is_ended()
    assert [(one["event"], one["limit"]) for one in logged] == [("child.grown", 150)]
    (afresh,) = await kept.call("grow", bytes=MB)
    assert afresh["pid"] != large["pid"]
    assert kept.child.pid == afresh["pid"]


async def test_what_takes_twice_the_limit_is_stopped_in_its_call(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB)
    with pytest.raises(MemoryExceeded, match="150 MB are the limit") as caught:
        await kept.call("grow", bytes=400 * MB, seconds=60)
    assert caught.value.retryable
    assert await kept.call("echo")


async def test_who_dies_of_something_else_is_not_accused(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB)
    with pytest.raises(ChildDied) as caught:
        await kept.call("exit")
    assert not isinstance(caught.value, MemoryExceeded)


async def test_who_gives_up_waiting_does_not_take_the_reason_from_who_was_stopped(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB)
    large = asyncio.create_task(kept.call("grow", bytes=400 * MB, seconds=60))
    await asyncio.to_thread(until, lambda: kept.child.pid)
    waiting = asyncio.create_task(kept.call("echo"))
    while kept.child.pid:  # it is killed, and `large` has not been told
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(MemoryExceeded):
        await large
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_those_who_waited_have_another_child_and_no_blame(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB)
    large = asyncio.create_task(kept.call("grow", bytes=400 * MB, seconds=60))
    await asyncio.to_thread(until, lambda: kept.child.pid)
    healthy = [kept.call("grow", bytes=1, seconds=0.1) for _ in range(10)]
    answers = await asyncio.gather(*healthy)
    with pytest.raises(MemoryExceeded):
        await large
    assert len({answer["pid"] for (answer,) in answers}) == 1


async def test_only_the_child_that_was_measured_is_stopped(keep: Keep) -> None:
    kept = keep()
    (measured,) = await kept.call("echo")
    await kept.child.rest()
    (other,) = await kept.call("echo")
    await kept.child.stop(measured["pid"], MemoryExceeded("too large"))
    assert kept.child.pid == other["pid"]
    await kept.child.stop(other["pid"], MemoryExceeded("too large"))
    assert kept.child.pid is None


async def test_who_is_cancelled_just_when_the_call_ends_is_cancelled(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB)

    async def use() -> None:
        async with kept.upkeep.in_use():
            asyncio.get_running_loop().call_soon(using.cancel)
        await asyncio.sleep(0)

    using = asyncio.create_task(use())
    with pytest.raises(asyncio.CancelledError):
        await using


async def test_who_is_cancelled_just_when_the_call_ends_leaves_no_child_for_ever(keep: Keep) -> None:
    kept = keep(memory_limit=150 * MB, idle_seconds=0.1)

    async def use() -> None:
        async with kept.upkeep.in_use():
            async for _ in kept.child.call("echo", {}):
                pass
            asyncio.get_running_loop().call_soon(using.cancel)

    using = asyncio.create_task(use())
    with pytest.raises(asyncio.CancelledError):
        await using
    await kept.is_ended()


async def test_closing_does_not_wait_for_a_call(keep: Keep) -> None:
    kept = keep(memory_limit=MB, idle_seconds=0.1)
    task = asyncio.create_task(kept.call("sleep"))
    await asyncio.to_thread(until, lambda: kept.child.pid)
    async with asyncio.timeout(10):
        await kept.close()
    with pytest.raises(ChildDied):
        await task
