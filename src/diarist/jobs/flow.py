"""What follows what: draws the consequences of a settled task for its job, in the transaction that settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import utc_now
from diarist.domain.events import Event, EventKind
from diarist.domain.job import SETTLED_TASK_STATES, UNDONE_TASK_STATES, JobState, Stage
from diarist.errors import NotFound, StageUnknown
from diarist.jobs.models import JobRow
from diarist.jobs.transitions import JobEvent, next_state
from diarist.queue.ledger import Task
from diarist.queue.models import TaskRow
from diarist.runtime import Runtime
from diarist.telemetry.tracing import current_traceparent

_JOBS: Table = JobRow.__table__  # type: ignore[assignment]  # the declaration is of what every row can be read from


class Flow:
    """Moves jobs along a pipeline."""

    def __init__(self, runtime: Runtime) -> None:
        self._database, self._ledger, self._log = runtime.database, runtime.ledger, runtime.event_log
        self._stages = {stage.name: stage for stage in runtime.stages}
        self._first = runtime.stages[0]

    def stage(self, name: str) -> Stage:
        """The stage of that name; raises `StageUnknown` for one of a newer version."""
        if name not in self._stages:
            raise StageUnknown(f"this version has no stage {name!r}")
        return self._stages[name]

    def parts_of(self, name: str) -> str | None:
        """The stage whose parts this one joins, if it joins any."""
        return next((stage.name for stage in self._stages.values() if stage.join and stage.then == name), None)

    async def start(self, session: AsyncSession, job: JobRow) -> None:
        """Put the first task of a job down."""
        payload = {"recording_id": str(job.recording_id)}
        await self._put(session, self._first, job.account_id, job.id, job.priority.rank, payload)

    async def begun(self, task: Task) -> None:
        """A worker has begun with the first task of the job, or with the first after a retry."""
        # One statement that stands for itself: every job begins, and most are short.
        async with self._database.look() as session:
            if await session.scalar(_begun(), {"of_id": task.job_id, "now": utc_now()}) is not None:
                self._log.tell(Event(kind=EventKind.JOB_CHANGED, account_id=task.account_id, job_id=task.job_id))

    async def put_part(self, session: AsyncSession, task: Task, part: str, payload: Mapping[str, Any]) -> None:
        """Put one part of a fan-out down, while the stage that cuts the parts still runs."""
        stage = self._stages[self._stages[task.stage].then or ""]
        await self._ledger.put(
            session,
            account_id=task.account_id,
            job_id=task.job_id,
            stage=stage.name,
            queue=stage.queue,
            key=f"{task.job_id}:{stage.name}:{part}",
            payload=payload,
            priority=task.priority,
        )

    async def succeeded(self, session: AsyncSession, task: Task) -> None:
        """Open what follows a task that has just succeeded, or complete the job; the job is locked."""
        stage = self._stages[task.stage]
        if stage.fan_out and stage.then:
            await self._try_join(session, task.job_id, self._stages[stage.then])
        elif stage.join:
            await self._try_join(session, task.job_id, stage)
        else:
            job = await locked_job(session, task.job_id)
            if stage.then is None or stage.name == job.until:
                # A claim may not have seen that the job was put back a moment before.
                _begin(job)
                job.state = next_state(job.state, JobEvent.COMPLETED)
                job.finished_at = utc_now()
                self._log.append(session, event_of(job, EventKind.JOB_SUCCEEDED))
                return
            following = self._stages[stage.then]
            await self._put(session, following, task.account_id, task.job_id, task.priority, task.payload)
        self._log.hint(session, Event(kind=EventKind.JOB_CHANGED, account_id=task.account_id, job_id=task.job_id))

    async def carry_on(self, session: AsyncSession, job: JobRow) -> bool:
        """Let a job that ends early, or has, go the whole way; returns whether it has been put to work by that. It is locked."""
        last, job.until = job.until, None
        following = self._stages[last].then if last else None
        if following is None or job.state is not JobState.SUCCEEDED:
            return False
        payload = {"recording_id": str(job.recording_id)}
        await self._put(session, self._stages[following], job.account_id, job.id, job.priority.rank, payload)
        job.state, job.finished_at = next_state(job.state, JobEvent.RETRIED), None
        job.traceparent = current_traceparent() or job.traceparent
        self._log.append(session, event_of(job, EventKind.JOB_RETRIED))
        return True

    async def failed(self, session: AsyncSession, job_id: UUID, stage_name: str, code: str, message: str) -> None:
        """Draw the consequence of a task that has failed for good: a gap for a part, the end for the job otherwise."""
        job = await locked_job(session, job_id)
        stage = self._stages.get(stage_name)
        # What follows a stage of a newer version is not known here: its job ends, and can be retried there.
        if stage is not None and stage.join:
            await self._try_join(session, job.id, stage)
            return
        await self._ledger.cancel_job(session, job.id)
        job.state = next_state(job.state, JobEvent.FAILED)
        job.error_code, job.error_message, job.finished_at = code, message, utc_now()
        self._log.append(session, event_of(job, EventKind.JOB_FAILED, code=code))

    async def parked(self, session: AsyncSession, rows: Sequence[TaskRow]) -> None:
        """Draw the consequence of tasks that took their worker down too often."""
        for row in rows:
            message = f"The stage {row.stage} took its worker down {row.crashes} times and is not tried again by itself."
            await self.failed(session, row.job_id, row.stage, "worker_lost", message)

    async def retry(self, session: AsyncSession, job: JobRow) -> bool:
        """Put what is undone back to work; returns whether there was anything. A mended part is merged again."""
        return await self._again(session, job, await self._ledger.requeue(session, job.id, UNDONE_TASK_STATES))

    async def retry_stage(self, session: AsyncSession, job: JobRow, stage: str) -> bool:
        """Do a stage once more, done or not, and whatever follows it; returns whether it had been reached."""
        found = await self._ledger.requeue(session, job.id, SETTLED_TASK_STATES, TaskRow.stage == stage)
        if found:
            job.forget_warnings(self._stages[stage].warnings)
        return await self._again(session, job, found)

    async def retry_task(self, session: AsyncSession, job: JobRow, task_id: UUID) -> bool:
        """Do one task once more, done or not, such as one chunk, and whatever follows it; returns whether there is one."""
        found = await self._ledger.requeue(session, job.id, SETTLED_TASK_STATES, TaskRow.id == task_id)
        if found:
            job.forget_task(task_id)
        return await self._again(session, job, found)

    async def _again(self, session: AsyncSession, job: JobRow, undone: set[str]) -> bool:
        """Let everything that follows the stages that are put back come again."""
        if not undone:
            return False
        for parts in (stage for stage in self._stages.values() if stage.join and stage.then):
            if undone & {self._cutter(parts).name, parts.name, parts.then}:
                await self._close_again(session, job, parts)
        job.state = next_state(job.state, JobEvent.RETRIED)
        job.error_code = job.error_message = job.finished_at = None
        job.traceparent = current_traceparent() or job.traceparent
        self._log.append(session, event_of(job, EventKind.JOB_RETRIED))
        return True

    async def _close_again(self, session: AsyncSession, job: JobRow, parts: Stage) -> None:
        """Make the joining stage wait once more, and forget the stages after it; they are put down anew."""
        joining = self._stages[parts.then or ""]
        await self._ledger.rewind(session, job.id, joining.name)
        following = joining.then
        while following is not None:
            await self._ledger.forget(session, job.id, following)
            following = self._stages[following].then
        await self._try_join(session, job.id, parts)

    def _cutter(self, parts: Stage) -> Stage:
        return next(stage for stage in self._stages.values() if stage.then == parts.name)

    async def _put(
        self, session: AsyncSession, stage: Stage, account_id: UUID, job_id: UUID, priority: int, payload: Mapping[str, Any]
    ) -> None:
        # With a fan-out the stage that joins it is there from the start, waiting.
        joining = [self._stages[self._stages[stage.then].then or ""]] if stage.fan_out and stage.then else []
        for one in (stage, *joining):
            await self._ledger.put(
                session,
                account_id=account_id,
                job_id=job_id,
                stage=one.name,
                queue=one.queue,
                key=f"{job_id}:{one.name}",
                payload=payload,
                priority=priority,
                waiting=one is not stage,
            )

    async def _try_join(self, session: AsyncSession, job_id: UUID, parts: Stage) -> None:
        """Open the joining stage if the cutting stage has succeeded and every part is settled; the job is locked."""
        if parts.then:
            cutter = self._cutter(parts).name
            await self._ledger.open_joining(session, job_id, joining=parts.then, cutter=cutter, parts=parts.name)


def event_of(job: JobRow, kind: EventKind, **data: Any) -> Event:
    """An event of this kind about a job."""
    return Event(kind=kind, account_id=job.account_id, job_id=job.id, recording_id=job.recording_id, data=data)


def _begin(job: JobRow) -> None:
    if job.state is JobState.QUEUED:
        job.state = next_state(job.state, JobEvent.STARTED)
        job.started_at = job.started_at or utc_now()


async def locked_job(session: AsyncSession, job_id: UUID) -> JobRow:
    """The job, locked until the transaction ends, so that its last part is unique; raises `NotFound`."""
    job: JobRow | None = await session.scalar(_locked_job(), {"of_id": job_id})
    if job is None:
        raise NotFound(f"there is no job {job_id}")
    return job


@cache
def _locked_job() -> Any:
    return select(JobRow).where(JobRow.id == bindparam("of_id")).with_for_update()


@cache
def _begun() -> Any:
    """What `_begin` does, by the database; gives the id of the job if nobody had begun with it."""
    state, started_at = next_state(JobState.QUEUED, JobEvent.STARTED), func.coalesce(_JOBS.c.started_at, bindparam("now"))
    waiting = _JOBS.c.id == bindparam("of_id"), _JOBS.c.state == JobState.QUEUED
    return update(_JOBS).where(*waiting).values(state=state, started_at=started_at).returning(_JOBS.c.id)
