"""Rules of jobs: begin, look at, cancel, retry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id, utc_now
from diarist.domain.audio import Notice
from diarist.domain.events import EventKind
from diarist.domain.job import UNFINISHED, JobPriority, JobState, stages_until
from diarist.domain.manner import USUAL, Manner
from diarist.errors import Conflict, NotFound
from diarist.jobs import repository
from diarist.jobs.flow import Flow, event_of, locked_job
from diarist.jobs.models import JobRow
from diarist.jobs.progress import Progress, measure
from diarist.jobs.transitions import JobEvent, next_state
from diarist.runtime import Runtime
from diarist.telemetry.tracing import current_traceparent


@dataclass(frozen=True, slots=True)
class JobView:
    """A job and how far it is."""

    job: JobRow
    progress: Progress


async def start_job(
    runtime: Runtime,
    session: AsyncSession,
    account_id: UUID,
    recording_id: UUID,
    priority: JobPriority = JobPriority.NORMAL,
    *,
    until: str | None = None,
    manner: Manner = USUAL,
) -> JobRow:
    """Begin a job in the caller's transaction: the job and its first task are there together, or not at all.

    `until`: the stage after which it ends. `manner`: how the recording is heard.
    """
    job = JobRow(
        id=new_id(), account_id=account_id, recording_id=recording_id, priority=priority, warnings=[], until=until,
        manner=None if manner == USUAL else manner, manner_key=manner.key, traceparent=current_traceparent(),
    )  # fmt: skip
    session.add(job)
    await session.flush()
    await Flow(runtime).start(session, job)
    return job


async def retry_undone(runtime: Runtime, session: AsyncSession, job: JobRow) -> bool:
    """Put a job that failed or was cancelled back to work, in the caller's transaction; returns whether it was one."""
    undone = job.state in {JobState.FAILED, JobState.CANCELLED}
    return undone and await Flow(runtime).retry(session, job)


async def view_job(runtime: Runtime, account_id: UUID, job_id: UUID, duration: float | None) -> JobView:
    """A job with its progress; `duration` is the recording's, in seconds, if known. Raises `NotFound`."""
    async with runtime.database.read() as session:
        job = await repository.get_job(session, account_id, job_id)
        return (await view_jobs(runtime, session, [job], {job.recording_id: duration}))[0]


async def view_jobs(
    runtime: Runtime, session: AsyncSession, jobs: Sequence[JobRow], durations: Mapping[UUID, float | None]
) -> list[JobView]:
    """Jobs with their progress; `durations`: the recordings' lengths in seconds, as far as they are known."""
    figures, now = await repository.task_figures(session, [job.id for job in jobs])
    return [
        JobView(
            job,
            measure(figures[job.id], stages_until(runtime.stages, job.until), durations.get(job.recording_id), now),
        )
        for job in jobs
    ]


async def cancel_job(runtime: Runtime, account_id: UUID, job_id: UUID) -> JobRow:
    """Cancel a job; whoever works on it is told, and would find out by its next renewal. Raises `NotFound`, or `Conflict`."""
    async with runtime.database.write() as session:
        await repository.get_job(session, account_id, job_id)
        job = await locked_job(session, job_id)
        job.state = next_state(job.state, JobEvent.CANCELLED)
        job.finished_at = utc_now()
        await runtime.ledger.cancel_job(session, job_id)
        runtime.event_log.append(session, event_of(job, EventKind.JOB_CANCELLED))
    return job


async def retry_job(
    runtime: Runtime, account_id: UUID, job_id: UUID, *, stage: str | None = None, task_id: UUID | None = None
) -> JobRow:
    """Put what failed, was parked or cancelled back to work; what is done stays done.

    With `stage` or `task_id` only that is done once more, even if it succeeded, and what follows from it. Raises `NotFound` or
    `Conflict`.
    """
    flow = Flow(runtime)
    async with runtime.database.write() as session:
        await repository.get_job(session, account_id, job_id)
        job = await locked_job(session, job_id)
        if job.state in UNFINISHED:
            raise Conflict(f"the job is {job.state} and cannot be retried", advice="Wait until it has ended, or cancel it.")
        if task_id is not None:
            if not await flow.retry_task(session, job, task_id):
                raise NotFound(f"the job has no task {task_id}", advice="`diarist tasks` shows what it has.")
        elif stage is not None:
            if stage not in {one.name for one in runtime.stages} or not await flow.retry_stage(session, job, stage):
                names = ", ".join(one.name for one in runtime.stages)
                raise NotFound(f"the job has not come to a stage {stage!r}", advice=f"The stages are {names}.")
        elif not await flow.retry(session, job):
            raise Conflict(
                f"nothing of the job is undone; it is {job.state}",
                advice="Only failed, parked or cancelled work is retried; a stage that is named is done once more.",
            )
    return job


def add_warnings(job: JobRow, *notices: Notice) -> None:
    """Attach what the owner should know; the same code replaces its older text, so that a retry does not repeat it."""
    job.forget_warnings({notice.code for notice in notices})
    job.warnings = [*job.warnings, *({"code": notice.code, "message": notice.message} for notice in notices)]


def add_task_warning(job: JobRow, task_id: UUID, notice: Notice) -> None:
    """Attach what one task has to say; `JobRow.forget_task` takes it away when that task is done once more."""
    tasks = {str(task_id), *(task for one in job.warnings if one["code"] == notice.code for task in one.get("tasks", ()))}
    job.forget_warnings({notice.code})
    job.warnings = [*job.warnings, {"code": notice.code, "message": notice.message, "tasks": sorted(tasks)}]
