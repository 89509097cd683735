"""A process and its children tell what they are doing while they do it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from diarist.child.process import ChildProcess
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.children import ChildMetrics
from diarist.telemetry.whole_profile import Profiler, ProfileRunning

TARGET = "child_handlers:open_handler"


@pytest.fixture
async def metrics(monkeypatch: pytest.MonkeyPatch) -> ChildMetrics:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return ChildMetrics.open(Catalogue.open())


@pytest.fixture
async def child(metrics: ChildMetrics) -> AsyncIterator[ChildProcess]:
    child = ChildProcess(TARGET, {}, name="the test child", watch=metrics.watch("tester"))
    yield child
    await child.close()


async def test_what_a_child_does_is_seen_in_the_midst_of_its_call(metrics: ChildMetrics, child: ChildProcess) -> None:
    async def work() -> None:
        async with aclosing(child.call("work", {"seconds": 60.0})) as answer:
            async for _ in answer:
                pass

    [_ async for _ in child.call("echo", {})]
    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    profile = await Profiler(metrics).profile(0.5, waiting=False)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    assert profile.silent == []
    # Of the child's: on a busy machine threads of this process may be seen more often.
    of_child = [stack for stack in profile.stacks if stack.startswith("tester ")]
    busiest = max(of_child, key=lambda stack: profile.stacks[stack])
    assert busiest.endswith("child_handlers:handle")


async def test_a_child_that_cannot_answer_is_named(metrics: ChildMetrics, child: ChildProcess) -> None:
    async with aclosing(child.call("hold", {})) as answer:
        pid = (await anext(answer)).body["pid"]
        profile = await Profiler(metrics).profile(0.1, waiting=True)
    assert profile.silent == [f"tester {pid}"]
    assert {stack.partition(";")[0] for stack in profile.stacks} == {f"process {os.getpid()}"}


async def test_two_profiles_at_once_are_refused(metrics: ChildMetrics) -> None:
    profiler = Profiler(metrics)
    first = asyncio.create_task(profiler.profile(0.2, waiting=False))
    await asyncio.sleep(0)
    with pytest.raises(ProfileRunning):
        await profiler.profile(0.2, waiting=False)
    assert (await first).seconds == 0.2
    assert (await profiler.profile(0.1, waiting=False)).seconds == 0.1
