"""A worker meets tasks of a stage that only a newer version has, as it does in the middle of a rolling upgrade."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

import played_stages
from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.domain.job import JobState, TaskState
from diarist.errors import StageUnknown
from diarist.jobs.flow import Flow
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings, Settings
from played_stages import Bench


@pytest.fixture
async def stage(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    async with played_stages.on_stage(settings, QueueSettings(max_attempts=2, max_crashes=1), recording) as (runtime, job):
        yield Bench(runtime, job)


async def put_newer(stage: Bench) -> None:
    """As a newer worker would, in the queue of stages that both have; first in line."""
    job = await stage.job()
    async with stage.runtime.database.write() as session:
        await stage.runtime.ledger.put(
            session,
            account_id=job.account_id,
            job_id=job.id,
            stage="polish",
            queue="audio",
            key=f"{new_id()}",
            payload={},
            priority=0,
        )


async def newer(stage: Bench) -> TaskRow:
    async with stage.runtime.database.read() as session:
        return (await session.scalars(select(TaskRow).where(TaskRow.stage == "polish"))).one()


async def test_it_is_left_for_later_without_counting_and_holds_nothing_up(stage: Bench) -> None:
    await put_newer(stage)
    ran: list[str] = []
    played_stages.PLAY["look"] = played_stages.noting(ran)
    await stage.worker.work("audio")
    assert ran == ["look"]
    task = await newer(stage)
    assert (task.state, task.attempts, task.crashes, task.error_code) == (TaskState.WAITING, 0, 0, StageUnknown.code)
    assert task.run_after is not None
    assert (await stage.job()).state is JobState.RUNNING


async def test_one_that_took_its_worker_down_for_good_ends_its_job_which_can_be_retried(stage: Bench) -> None:
    await put_newer(stage)
    task = await newer(stage)
    async with stage.runtime.database.write() as session:
        await Flow(stage.runtime).parked(session, [task])
    job = await stage.job()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")
