"""Jobs over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import Conflict, NotFound, StorageFull
from diarist.http.bulk import RESPONSES as BULK
from diarist.http.bulk import BulkAnswer, Ids, one_by_one
from diarist.http.errors import MalformedRequest
from diarist.http.fixed_paths import only_posted
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.prefer import APPLIED_HEADER, PARAMETER
from diarist.http.resources import ResourceRoute
from diarist.http.sorting import ByCreation, next_cursor
from diarist.jobs import repository, service
from diarist.jobs.models import JobRow
from diarist.jobs.prefer import WithPatience
from diarist.jobs.schemas import Job, Task, job_from_view, task_from_row
from diarist.jobs.waterfall import waterfall
from diarist.jobs.waterfall_schemas import Waterfall, waterfall_to_wire
from diarist.runtime import Runtime

Durations = Callable[[AsyncSession, UUID, Collection[UUID]], Awaitable[Mapping[UUID, float | None]]]
"""Looks up how long an account's recordings are, in seconds. Recordings stand above jobs, so the service brings it."""

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], route_class=ResourceRoute)
only_posted(router, "/bulk")


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
    place: ByCreation,
    limit: Limit = DEFAULT_LIMIT,
) -> Page[Job]:
    """All jobs."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_jobs(session, account_id, limit + 1, place), limit)
        jobs = await _shown(runtime, session, account_id, durations, rows)
    return Page(items=jobs, next_cursor=next_cursor(place, rows[-1].id) if more else None)


class BulkJobs(BaseModel):
    """What is to be done to which jobs."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["cancel", "retry"]
    ids: Ids


@router.post("/bulk", responses={**BULK, **problems(MalformedRequest)})
async def act_on_jobs(wanted: BulkJobs, response: Response, runtime: CurrentRuntime, account_id: CurrentAccount) -> BulkAnswer:
    """Cancel or retry up to a hundred jobs: each on its own, as if it had been asked for alone."""

    async def act(job_id: UUID) -> int:
        if wanted.action == "cancel":
            await service.cancel_job(runtime, account_id, job_id)
            return 200
        await service.retry_job(runtime, account_id, job_id)
        return 202

    return await one_by_one(response, wanted.ids, act)


@router.get(
    "/{job_id}",
    responses={200: {"description": "The job as it is.", "headers": APPLIED_HEADER}, **problems(NotFound)},
    openapi_extra={"parameters": [PARAMETER]},
)
async def get_job(
    job_id: UUID,
    request: Request,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    durations: CurrentDurations,
    patience: WithPatience,
) -> Job:
    """A job and how far it is; with `Prefer: wait=30`, once it has ended or so many seconds are over."""
    if await patience.wait(account_id, job_id):
        # A replica may not have heard of the end yet.
        runtime = request.state.runtime
    return await _job(job_id, runtime, account_id, durations)


async def _job(job_id: UUID, runtime: Runtime, account_id: UUID, durations: Durations) -> Job:
    # Of a job it is told first how it stands and then how far it is: what has moved on meanwhile does not contradict it.
    async with runtime.database.glance() as session:
        job = await repository.get_job(session, account_id, job_id)
        return (await _shown(runtime, session, account_id, durations, [job]))[0]


@router.post("/{job_id}/cancel", responses=problems(NotFound, Conflict, StorageFull))
async def cancel_job(job_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, durations: CurrentDurations) -> Job:
    """Stop a job that has not ended; what was transcribed stays readable."""
    await service.cancel_job(runtime, account_id, job_id)
    return await _job(job_id, runtime, account_id, durations)


@router.get("/{job_id}/waterfall", responses=problems(NotFound))
async def get_waterfall(job_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Waterfall:
    """When each task of a job waited and worked, and what its questions to language models cost."""
    return waterfall_to_wire(await waterfall(runtime, account_id, job_id))


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
    return await _job(job_id, runtime, account_id, durations)


async def _shown(
    runtime: Runtime, session: AsyncSession, account_id: UUID, durations: Durations, jobs: Sequence[JobRow]
) -> list[Job]:
    lengths = await durations(session, account_id, [job.recording_id for job in jobs])
    return [job_from_view(view) for view in await service.view_jobs(runtime, session, jobs, lengths)]
