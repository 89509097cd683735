"""A worker that is told to end, and one that is told of a cancelled job."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

import played_stages
from diarist.database.session import Database
from diarist.domain.job import TaskState
from diarist.jobs.flow import Flow
from diarist.jobs.models import JobRow
from diarist.jobs.service import cancel_job
from diarist.jobs.work import TaskContext, Worker
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.settings import QueueSettings, Settings


class Bench:
    """A worker whose renewals are rare, in the middle of its first task."""

    def __init__(self, runtime: Runtime, job: JobRow) -> None:
        self.runtime, self.job = runtime, job
        self.worker = Worker(runtime, Flow(runtime))
        self.begun, self.enough, self.ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def working(self, done: float, total: float | None) -> AsyncIterator[asyncio.Task[None]]:
        async def look(context: TaskContext) -> None:
            context.done_seconds, context.total_seconds = done, total
            self.begun.set()
            try:
                await self.enough.wait()
            finally:
                self.ended.set()

        played_stages.PLAY["look"] = look
        turn = asyncio.create_task(self.worker.work("audio"))
        await self.begun.wait()
        await asyncio.sleep(0.05)  # so that there is a pace
        yield turn
        async with asyncio.timeout(5):
            await turn

    async def task(self) -> TaskRow:
        async with self.runtime.database.read() as session:
            return (await session.scalars(select(TaskRow).where(TaskRow.stage == "look"))).one()


@pytest.fixture
async def bench(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    rare = QueueSettings(renew=30.0, lease=90.0)
    async with played_stages.on_stage(settings, rare, recording) as (runtime, job):
        yield Bench(runtime, job)


async def seconds_of(what: Callable[[], Coroutine[Any, Any, None]]) -> float:
    began = time.monotonic()
    await what()
    return time.monotonic() - began


async def test_what_would_take_too_long_is_given_back_at_once(bench: Bench) -> None:
    async with bench.working(done=1.0, total=100_000.0):
        assert await seconds_of(lambda: bench.worker.drain(20.0)) < 5
    task = await bench.task()
    assert (task.state, task.attempts, task.token) == (TaskState.QUEUED, 0, None)


async def test_what_ends_within_the_grace_time_is_finished(bench: Bench) -> None:
    async with bench.working(done=99.0, total=100.0):
        draining = asyncio.create_task(bench.worker.drain(20.0))
        await asyncio.sleep(0.1)
        assert bench.worker.stopping
        assert not draining.done()
        bench.enough.set()
        await draining
    assert (await bench.task()).state is TaskState.SUCCEEDED
    async with bench.runtime.database.read() as session:
        after = (await session.scalars(select(TaskRow.state).where(TaskRow.stage == "cut"))).one()
    assert after is TaskState.QUEUED, "it took one more"


async def test_what_has_not_ended_by_then_is_given_back(bench: Bench) -> None:
    async with bench.working(done=0.0, total=None):
        assert 0.3 <= await seconds_of(lambda: bench.worker.drain(0.3)) < 5
    task = await bench.task()
    assert (task.state, task.attempts) == (TaskState.QUEUED, 0)


async def test_a_cancelled_job_is_stopped_at_once_by_its_event(bench: Bench) -> None:
    async with bench.runtime.events.subscribe() as events:
        heeding = asyncio.create_task(bench.worker.heed(events))
        async with bench.working(done=0.0, total=None):
            began = time.monotonic()
            await cancel_job(bench.runtime, bench.job.account_id, bench.job.id)
            async with asyncio.timeout(5):
                await bench.ended.wait()
            assert time.monotonic() - began < 2
        heeding.cancel()
    assert (await bench.task()).state is TaskState.CANCELLED
