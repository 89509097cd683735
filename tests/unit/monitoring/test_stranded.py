"""A job that nobody will ever finish is counted, and no other."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from diarist.database.base import new_id
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.domain.job import JobState, TaskState
from diarist.jobs.models import JobRow
from diarist.monitoring.stranded import stranded_jobs
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow


async def job_with(database: Database, recording: RecordingRow, state: JobState, *tasks: TaskState, due: bool = False) -> None:
    async with database.write() as session:
        job = JobRow(id=new_id(), account_id=recording.account_id, recording_id=recording.id, state=state)
        session.add(job)
        await session.flush()
        for task in tasks:
            session.add(
                TaskRow(
                    account_id=recording.account_id, job_id=job.id, key=new_id().hex, stage="plan", queue="audio", payload={},
                    state=task, run_after=database_now() + 60 if due else None,
                )
            )  # fmt: skip


async def stranded(database: Database) -> int:
    async with database.read() as session:
        return await stranded_jobs(session)


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
async def test_a_job_without_a_task_that_goes_on_is_stranded(
    database: Database, recording: RecordingRow, state: JobState
) -> None:
    await job_with(database, recording, state, TaskState.SUCCEEDED, TaskState.WAITING)
    assert await stranded(database) == 1


@pytest.mark.parametrize(("task", "due"), [(TaskState.QUEUED, False), (TaskState.RUNNING, False), (TaskState.WAITING, True)])
async def test_a_job_whose_task_goes_on_is_not(
    database: Database, recording: RecordingRow, task: TaskState, *, due: bool
) -> None:
    await job_with(database, recording, JobState.RUNNING, TaskState.SUCCEEDED, task, due=due)
    assert await stranded(database) == 0


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
async def test_nor_is_one_that_has_come_to_its_end(database: Database, recording: RecordingRow, state: JobState) -> None:
    await job_with(database, recording, state, TaskState.PARKED)
    assert await stranded(database) == 0


async def test_the_index_of_unfinished_jobs_is_used(database: Database) -> None:
    counting = "SELECT count(*) FROM jobs WHERE jobs.state IN ('queued', 'running')"
    async with database.read() as session:
        if session.get_bind().dialect.name == "sqlite":
            plan = await session.execute(text(f"EXPLAIN QUERY PLAN {counting}"))
        else:
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = await session.execute(text(f"EXPLAIN {counting}"))
        assert "ix_jobs_unfinished" in str(plan.all())
