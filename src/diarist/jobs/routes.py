"""Jobs over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import Conflict, NotFound, StorageFull
from diarist.http.idempotency import IdempotentRoute
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, cut, decode_cursor, encode_cursor
from diarist.jobs import repository, service
from diarist.jobs.models import JobRow
from diarist.jobs.schemas import Job, Task, job_from_view, task_from_row
from diarist.runtime import Runtime

Durations = Callable[[AsyncSession, UUID, Collection[UUID]], Awaitable[Mapping[UUID, float | None]]]
"""Looks up how long an account's recordings are, in seconds. Recordings stand above jobs, so the service brings it."""

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], route_class=IdempotentRoute)


async def current_durations(request: Request) -> Durations:
    """The look-up that the service brought."""
    durations: Durations = request.state.durations
    return durations


CurrentDurations = Annotated[Durations, Depends(current_durations)]


@router.get("", responses=problems())
async def list_jobs(
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    durations: CurrentDurations,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Job]:
    """The newest jobs first."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_jobs(session, account_id, limit + 1, decode_cursor(cursor)), limit)
        jobs = await _shown(runtime, session, account_id, durations, rows)
    return Page(items=jobs, next_cursor=encode_cursor(rows[-1].id) if more else None)


@router.get("/{job_id}", responses=problems(NotFound))
async def get_job(job_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, durations: CurrentDurations) -> Job:
    """A job and how far it is."""
    async with runtime.database.read() as session:
        job = await repository.get_job(session, account_id, job_id)
        return (await _shown(runtime, session, account_id, durations, [job]))[0]


@router.post("/{job_id}/cancel", responses=problems(NotFound, Conflict, StorageFull))
async def cancel_job(job_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, durations: CurrentDurations) -> Job:
    """Stop a job that has not ended; what was transcribed stays readable."""
    await service.cancel_job(runtime, account_id, job_id)
    return await get_job(job_id, runtime, account_id, durations)


@router.get("/{job_id}/tasks", responses=problems(NotFound))
async def list_tasks(job_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> list[Task]:
    """The tasks of a job in the order they were put down: where each stands, how often it was tried, and why it failed."""
    async with runtime.database.read() as session:
        await repository.get_job(session, account_id, job_id)
        return [task_from_row(row) for row in await repository.list_tasks(session, account_id, job_id)]


@router.post("/{job_id}/retry", status_code=202, responses=problems(NotFound, Conflict, StorageFull))
async def retry_job(
    job_id: UUID,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    durations: CurrentDurations,
    stage: Annotated[str | None, Query(max_length=40, description="Do this stage once more, and what follows it.")] = None,
    task_id: Annotated[UUID | None, Query(description="Do this task once more, such as one chunk, and what follows it.")] = None,
) -> Job:
    """Put what failed or was cancelled back to work; what is done stays done, unless a stage or a task is named."""
    await service.retry_job(runtime, account_id, job_id, stage=stage, task_id=task_id)
    return await get_job(job_id, runtime, account_id, durations)


async def _shown(
    runtime: Runtime, session: AsyncSession, account_id: UUID, durations: Durations, jobs: Sequence[JobRow]
) -> list[Job]:
    lengths = await durations(session, account_id, [job.recording_id for job in jobs])
    return [job_from_view(view) for view in await service.view_jobs(runtime, session, jobs, lengths)]
