"""Reads jobs and their tasks; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.clock import database_now
from diarist.database.ordering import FIRST, Place, ordered
from diarist.domain.job import UNFINISHED
from diarist.errors import NotFound
from diarist.jobs.models import JobRow
from diarist.jobs.progress import TaskFigures
from diarist.queue.models import TaskRow


async def get_job(session: AsyncSession, account_id: UUID, job_id: UUID) -> JobRow:
    """One job; raises `NotFound`."""
    job: JobRow | None = await session.scalar(_get_job(), {"of_account_id": account_id, "of_id": job_id})
    if job is None:
        raise NotFound(f"there is no job {job_id}", advice="`diarist jobs` shows what there is.")
    return job


@cache
def _get_job() -> Any:
    # Built once: whoever waits for a job asks again and again.
    return select(JobRow).where(JobRow.account_id == bindparam("of_account_id"), JobRow.id == bindparam("of_id"))


async def list_jobs(session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST) -> Sequence[JobRow]:
    """Some of the jobs, in the order of a place and behind it."""
    statement = select(JobRow).where(JobRow.account_id == account_id).limit(limit)
    return (await session.scalars(ordered(statement, place, JobRow.id))).all()


async def latest_job(session: AsyncSession, account_id: UUID, recording_id: UUID) -> JobRow:
    """The newest job of a recording, of those that hear it as usual if there is one; raises `NotFound`."""
    about = {"of_account_id": account_id, "of_recording_id": recording_id}
    job: JobRow | None = await session.scalar(_latest_job(), about)
    if job is None:
        raise NotFound(f"the recording {recording_id} has no job")
    return job


@cache
def _latest_job() -> Any:
    mine = JobRow.account_id == bindparam("of_account_id"), JobRow.recording_id == bindparam("of_recording_id")
    return select(JobRow).where(*mine).order_by(JobRow.manner_key != "", JobRow.id.desc()).limit(1)


async def latest_in_manner(session: AsyncSession, account_id: UUID, recording_id: UUID, manner_key: str) -> JobRow | None:
    """The newest job that hears a recording in one manner, if there is one."""
    statement = (
        select(JobRow)
        .where(JobRow.account_id == account_id, JobRow.recording_id == recording_id, JobRow.manner_key == manner_key)
        .order_by(JobRow.id.desc())
        .limit(1)
    )
    return await session.scalar(statement)


async def latest_jobs(session: AsyncSession, account_id: UUID, recording_ids: Collection[UUID]) -> dict[UUID, JobRow]:
    """What `latest_job` gives, of each recording."""
    statement = (
        select(JobRow)
        .where(JobRow.account_id == account_id, JobRow.recording_id.in_(recording_ids))
        .order_by(JobRow.manner_key == "", JobRow.id)
    )
    return {job.recording_id: job for job in await session.scalars(statement)}


async def task_figures(session: AsyncSession, job_ids: Collection[UUID]) -> tuple[dict[UUID, list[TaskFigures]], float]:
    """What the progress of each job is measured by, and the database's clock."""
    rows = (await session.execute(_task_figures(), {"of_job_ids": list(job_ids)})).all()
    figures: dict[UUID, list[TaskFigures]] = {job_id: [] for job_id in job_ids}
    for _, job_id, stage, state, done, started, finished in rows:
        figures[job_id].append(TaskFigures(stage=stage, state=state, done_seconds=done, started_at=started, finished_at=finished))
    return figures, rows[0][0] if rows else 0.0


@cache
def _task_figures() -> Any:
    columns = (TaskRow.job_id, TaskRow.stage, TaskRow.state, TaskRow.done_seconds, TaskRow.started_at, TaskRow.finished_at)
    return select(database_now(), *columns).where(TaskRow.job_id.in_(bindparam("of_job_ids", expanding=True)))


async def list_tasks(session: AsyncSession, account_id: UUID, job_id: UUID) -> Sequence[TaskRow]:
    """Every task of a job, oldest first."""
    statement = select(TaskRow).where(TaskRow.account_id == account_id, TaskRow.job_id == job_id).order_by(TaskRow.id)
    return (await session.scalars(statement)).all()


async def find_jobs(session: AsyncSession, account_id: UUID, job_ids: Collection[UUID]) -> Sequence[JobRow]:
    """Those of the jobs that are still there."""
    statement = select(JobRow).where(JobRow.account_id == account_id, JobRow.id.in_(job_ids))
    return (await session.scalars(statement)).all()


async def list_unfinished(session: AsyncSession, account_id: UUID) -> Sequence[JobRow]:
    """The jobs that are queued or running, oldest first."""
    statement = select(JobRow).where(JobRow.account_id == account_id, JobRow.state.in_(UNFINISHED)).order_by(JobRow.id)
    return (await session.scalars(statement)).all()


async def list_ids(session: AsyncSession, account_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Every job as recording id and job id, oldest job first; those that hear a recording as usual come last."""
    usual = JobRow.manner_key == ""
    statement = select(JobRow.recording_id, JobRow.id).where(JobRow.account_id == account_id).order_by(usual, JobRow.id)
    return [(recording_id, job_id) for recording_id, job_id in (await session.execute(statement)).all()]
