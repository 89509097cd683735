"""What the tasks of a job take of processors stands in their rows."""

import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

import played_stages
from diarist.database.session import Database
from diarist.errors import ChildDied, EngineFailed
from diarist.jobs.service import retry_job
from diarist.jobs.work import TaskContext
from diarist.queue.models import TaskRow
from diarist.queue.past_work import PastWorkRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.service import delete_recording
from diarist.settings import QueueSettings, Settings
from diarist.telemetry.processor import in_thread, taken
from played_stages import Bench, on_stage


@pytest.fixture
async def stage(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    async with on_stage(settings, QueueSettings(max_attempts=2), recording) as (runtime, job):
        yield Bench(runtime, job)


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def used(stage: Bench) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    async with stage.runtime.database.read() as session:
        for row in await session.scalars(select(TaskRow).order_by(TaskRow.id)):
            found.setdefault(row.stage, []).append(row.cpu_seconds)
    return found


async def test_each_task_has_what_its_threads_took_and_no_other_has_it(stage: Bench) -> None:
    async def looking(context: TaskContext) -> None:
        await in_thread(burn, 0.05)

    played_stages.PLAY["look"] = looking
    await stage.work_off()
    found = await used(stage)
    assert found.pop("look")[0] >= 0.05
    assert found == {"cut": [0.0], "part": [0.0, 0.0, 0.0], "join": [0.0], "close": [0.0]}


async def test_tries_that_failed_were_paid_for_too(stage: Bench) -> None:
    failures = [ChildDied("once")]

    async def part(context: TaskContext) -> None:
        taken(3.0)
        if failures:
            raise failures.pop()

    played_stages.PLAY["part"] = part
    await stage.work_off()
    assert sorted((await used(stage))["part"]) == [3.0, 3.0, 6.0]


async def test_another_round_does_not_forget_the_one_before(stage: Bench) -> None:
    failing = [True]

    async def close(context: TaskContext) -> None:
        taken(2.0)
        if failing:
            raise EngineFailed

    played_stages.PLAY["close"] = close
    await stage.work_off()
    failing.clear()
    await retry_job(stage.runtime, stage.account_id, stage.job_id)
    await stage.work_off()
    assert (await used(stage))["close"] == [2.0]
    assert await past(stage) == {"close": 4.0}


async def test_a_recording_that_is_deleted_has_cost_what_it_has(stage: Bench) -> None:
    async def part(context: TaskContext) -> None:
        taken(1.5)

    played_stages.PLAY["part"] = part
    await stage.work_off()
    recording_id = (await stage.job()).recording_id
    await delete_recording(stage.runtime, stage.account_id, recording_id)
    assert await used(stage) == {}
    assert await past(stage) == {"part": 4.5}


async def past(stage: Bench) -> dict[str, float]:
    async with stage.runtime.database.read() as session:
        return {row.stage: row.cpu_seconds for row in await session.scalars(select(PastWorkRow))}
