"""Reads jobs and their tasks; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.clock import database_now
from diarist.errors import NotFound
from diarist.jobs.models import JobRow
from diarist.jobs.progress import TaskFigures
from diarist.queue.models import TaskRow


async def get_job(session: AsyncSession, account_id: UUID, job_id: UUID) -> JobRow:
    """One job; raises `NotFound`."""
    job = await session.scalar(select(JobRow).where(JobRow.account_id == account_id, JobRow.id == job_id))
    if job is None:
        raise NotFound(f"there is no job {job_id}", advice="`diarist jobs` shows what there is.")
    return job


async def list_jobs(session: AsyncSession, account_id: UUID, limit: int) -> Sequence[JobRow]:
    """The newest jobs, newest first."""
    statement = select(JobRow).where(JobRow.account_id == account_id).order_by(JobRow.id.desc()).limit(limit)
    return (await session.scalars(statement)).all()


async def latest_job(session: AsyncSession, account_id: UUID, recording_id: UUID) -> JobRow:
    """The newest job of a recording; raises `NotFound`."""
    statement = (
        select(JobRow)
        .where(JobRow.account_id == account_id, JobRow.recording_id == recording_id)
        .order_by(JobRow.id.desc())
        .limit(1)
    )
    job = await session.scalar(statement)
    if job is None:
        raise NotFound(f"the recording {recording_id} has no job")
    return job


async def task_figures(session: AsyncSession, job_id: UUID) -> tuple[list[TaskFigures], float]:
    """What progress is measured by, and the database's clock."""
    columns = (TaskRow.stage, TaskRow.state, TaskRow.done_seconds, TaskRow.started_at, TaskRow.finished_at)
    rows = await session.execute(select(*columns).where(TaskRow.job_id == job_id))
    figures = [
        TaskFigures(stage=stage, state=state, done_seconds=done, started_at=started, finished_at=finished)
        for stage, state, done, started, finished in rows.all()
    ]
    now = await session.scalar(select(database_now()))
    return figures, now or 0.0


async def list_tasks(session: AsyncSession, account_id: UUID, job_id: UUID) -> Sequence[TaskRow]:
    """Every task of a job, oldest first."""
    statement = select(TaskRow).where(TaskRow.account_id == account_id, TaskRow.job_id == job_id).order_by(TaskRow.id)
    return (await session.scalars(statement)).all()
