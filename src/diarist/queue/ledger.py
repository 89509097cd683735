"""The ledger: tasks are put down with the state they follow, leased with a fencing token, and settled once.

It knows tasks and leases, not what a stage does or what follows it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.database.clock import database_now
from diarist.database.session import Database, after_commit
from diarist.domain.job import OPEN_TASK_STATES, UNDONE_TASK_STATES, TaskState
from diarist.errors import DiaristError, LeaseLost
from diarist.queue.models import TaskRow
from diarist.settings import QueueSettings

_MOST_BELLS = 8
"""For one queue at once: a bell wakes a thread, and a thread that is awake takes task after task."""

Ring = Callable[[str], None]
"""Says that a queue has work; may be lost, the sweeper rings again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A claimed task, as its holder sees it."""

    id: UUID
    account_id: UUID
    job_id: UUID
    stage: str
    payload: Mapping[str, Any]
    attempts: int
    """Tries so far, this one included."""
    token: UUID


class Ledger:
    """Every verb on tasks, and the only code that writes their table."""

    def __init__(self, database: Database, settings: QueueSettings, ring: Ring | None) -> None:
        """Without `ring` nobody works in this process; the sweeper of the one that does finds what was put down."""
        self._database = database
        self._settings = settings
        self._ring = ring

    async def put(
        self,
        session: AsyncSession,
        *,
        account_id: UUID,
        job_id: UUID,
        stage: str,
        queue: str,
        key: str,
        payload: Mapping[str, Any],
        waiting: bool = False,
    ) -> None:
        """Write a task in the caller's transaction; the same key twice is one task. The bell rings after commit."""
        if await session.scalar(select(TaskRow.id).where(TaskRow.key == key)):
            return
        now = await session.scalar(select(database_now()))
        state = TaskState.WAITING if waiting else TaskState.QUEUED
        session.add(
            TaskRow(
                id=new_id(),
                account_id=account_id,
                job_id=job_id,
                stage=stage,
                queue=queue,
                key=key,
                payload=dict(payload),
                state=state,
                run_after=now,
                rung_at=None if waiting or self._ring is None else now,
            )
        )
        await session.flush()
        if not waiting:
            self._ring_after_commit(session, queue)

    async def claim(self, queue: str) -> Task | None:
        """Lease the best ready task of a queue, or None when there is none."""
        token = uuid4()
        ready = (
            select(TaskRow.id)
            .where(TaskRow.queue == queue, TaskRow.state == TaskState.QUEUED, TaskRow.run_after <= database_now())
            .order_by(TaskRow.priority, TaskRow.run_after, TaskRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        statement = (
            update(TaskRow)
            .where(TaskRow.id == ready)
            .values(
                state=TaskState.RUNNING,
                token=token,
                lease_until=database_now() + self._settings.lease,
                attempts=TaskRow.attempts + 1,
                started_at=database_now(),
                done_seconds=0.0,
            )
            .returning(TaskRow)
        )
        async with self._database.write() as session:
            row = await session.scalar(statement, execution_options={"synchronize_session": False})
        if row is None:
            return None
        return Task(
            id=row.id,
            account_id=row.account_id,
            job_id=row.job_id,
            stage=row.stage,
            payload=row.payload,
            attempts=row.attempts,
            token=token,
        )

    async def renew(self, task: Task, done_seconds: float) -> None:
        """Sign of life and progress of the holder; raises `LeaseLost`."""
        async with self._database.write() as session:
            await self._update_held(session, task, lease_until=database_now() + self._settings.lease, done_seconds=done_seconds)

    @asynccontextmanager
    async def fenced(self, task: Task) -> AsyncIterator[AsyncSession]:
        """A write transaction that only the holder can make; raises `LeaseLost` before anything is written."""
        async with self._database.write() as session:
            # Whoever writes in the middle has come further than its last crash.
            await self._update_held(session, task, lease_until=database_now() + self._settings.lease, crashes=0)
            yield session

    async def succeed(self, session: AsyncSession, task: Task, done_seconds: float) -> None:
        """Settle a task as done, in the transaction of its result."""
        await self._settle(session, task, TaskState.SUCCEEDED, done_seconds=done_seconds, error_code=None, error_message=None)

    async def fail(self, session: AsyncSession, task: Task, error: DiaristError) -> bool:
        """Put a task back for a later try, or settle it as failed; returns whether it has failed for good."""
        for_good = not error.retryable or task.attempts >= self._settings.max_attempts
        reason = {"error_code": error.code, "error_message": error.message}
        if for_good:
            await self._settle(session, task, TaskState.FAILED, **reason)
        else:
            wait = backoff(task.attempts, self._settings.backoff_limit)
            await self._update_held(
                session,
                task,
                state=TaskState.QUEUED,
                token=None,
                lease_until=None,
                rung_at=None,
                run_after=database_now() + wait,
                **reason,
            )
        return for_good

    async def give_back(self, task: Task) -> None:
        """Return a task that the holder cannot finish, at once and without counting the try; lost leases are no error."""
        async with self._database.write() as session:
            await session.execute(
                update(TaskRow)
                .where(TaskRow.id == task.id, TaskRow.token == task.token, TaskRow.state == TaskState.RUNNING)
                .values(state=TaskState.QUEUED, token=None, lease_until=None, rung_at=None, attempts=TaskRow.attempts - 1)
            )

    async def open_waiting(self, session: AsyncSession, job_id: UUID, stage: str) -> None:
        """Make the waiting task of a stage ready."""
        queue = await session.scalar(
            update(TaskRow)
            .where(TaskRow.job_id == job_id, TaskRow.stage == stage, TaskRow.state == TaskState.WAITING)
            .values(state=TaskState.QUEUED, run_after=database_now(), rung_at=database_now() if self._ring else None)
            .returning(TaskRow.queue)
        )
        if queue is not None:
            self._ring_after_commit(session, queue)

    async def count(self, session: AsyncSession, job_id: UUID, stage: str, states: Sequence[TaskState]) -> int:
        """How many tasks of a stage are in any of the states."""
        statement = select(func.count()).where(TaskRow.job_id == job_id, TaskRow.stage == stage, TaskRow.state.in_(states))
        return await session.scalar(statement) or 0

    async def cancel_job(self, session: AsyncSession, job_id: UUID) -> None:
        """Cancel every open task of a job; holders notice at their next renewal."""
        await session.execute(
            update(TaskRow)
            .where(TaskRow.job_id == job_id, TaskRow.state.in_(OPEN_TASK_STATES))
            .values(state=TaskState.CANCELLED, token=None, lease_until=None, finished_at=database_now())
        )

    async def requeue_undone(self, session: AsyncSession, job_id: UUID) -> set[str]:
        """Put every failed, parked or cancelled task of a job back, with its counts at zero; returns their stages."""
        rows = await session.execute(
            update(TaskRow)
            .where(TaskRow.job_id == job_id, TaskRow.state.in_(UNDONE_TASK_STATES))
            .values(
                state=TaskState.QUEUED,
                attempts=0,
                crashes=0,
                run_after=database_now(),
                rung_at=None,
                finished_at=None,
                error_code=None,
                error_message=None,
            )
            .returning(TaskRow.stage, TaskRow.queue)
        )
        found = rows.all()
        for queue in {queue for _, queue in found}:
            self._ring_after_commit(session, queue)
        return {stage for stage, _ in found}

    async def rewind(self, session: AsyncSession, job_id: UUID, stage: str) -> None:
        """Make the task of a stage wait again, wherever it stands."""
        await session.execute(
            update(TaskRow)
            .where(TaskRow.job_id == job_id, TaskRow.stage == stage)
            .values(state=TaskState.WAITING, attempts=0, crashes=0, token=None, lease_until=None, finished_at=None)
        )

    async def forget(self, session: AsyncSession, job_id: UUID, stage: str) -> None:
        """Remove the tasks of a stage."""
        await session.execute(delete(TaskRow).where(TaskRow.job_id == job_id, TaskRow.stage == stage))

    async def recover(self, session: AsyncSession) -> list[TaskRow]:
        """Take back every running task, whatever its lease says; only for a process that knows it is the only worker.

        Returns the tasks that were parked because they have taken their worker down too often.
        """
        # The bells of whoever worked before have gone with it.
        await session.execute(update(TaskRow).where(TaskRow.state == TaskState.QUEUED).values(rung_at=None))
        return await self._take_back(session, TaskRow.state == TaskState.RUNNING)

    async def expire(self, session: AsyncSession, held: Collection[UUID] = ()) -> list[TaskRow]:
        """Take back the tasks whose holder has been silent for longer than its lease; returns those that were parked.

        `held` are the tasks of this very process: when it was suspended, it is silent and healthy.
        """
        return await self._take_back(
            session, TaskRow.state == TaskState.RUNNING, TaskRow.lease_until < database_now(), TaskRow.id.not_in(held)
        )

    async def ring_unrung(self, session: AsyncSession, limit: int = 500) -> None:
        """Ring again for ready tasks that nobody has taken; bells may be lost, tasks may not."""
        due = (
            select(TaskRow.id)
            .where(
                TaskRow.state == TaskState.QUEUED,
                TaskRow.run_after <= database_now(),
                (TaskRow.rung_at.is_(None)) | (TaskRow.rung_at < database_now() - self._settings.rering),
            )
            .limit(limit)
        )
        queues = await session.scalars(
            update(TaskRow).where(TaskRow.id.in_(due)).values(rung_at=database_now()).returning(TaskRow.queue)
        )
        for queue, tasks in Counter(queues.all()).items():
            for _ in range(min(tasks, _MOST_BELLS)):
                self._ring_after_commit(session, queue)

    def _ring_after_commit(self, session: AsyncSession, queue: str) -> None:
        if self._ring is not None:
            after_commit(session, partial(self._ring, queue))

    async def _take_back(self, session: AsyncSession, *which: Any) -> list[TaskRow]:
        crashed_out = TaskRow.crashes + 1 >= self._settings.max_crashes
        rows = await session.scalars(
            update(TaskRow)
            .where(*which)
            .values(
                state=case((crashed_out, TaskState.PARKED), else_=TaskState.QUEUED),
                crashes=TaskRow.crashes + 1,
                # A lost worker is counted apart from a try that came to an error of its own.
                attempts=TaskRow.attempts - 1,
                finished_at=case((crashed_out, database_now()), else_=None),
                token=None,
                lease_until=None,
                rung_at=None,
                error_code="worker_lost",
                error_message="The worker that had this task went away.",
            )
            .returning(TaskRow),
            execution_options={"synchronize_session": False},
        )
        return [row for row in rows.all() if row.state == TaskState.PARKED]

    async def _settle(self, session: AsyncSession, task: Task, state: TaskState, **values: Any) -> None:
        await self._update_held(session, task, state=state, token=None, lease_until=None, finished_at=database_now(), **values)

    async def _update_held(self, session: AsyncSession, task: Task, **values: Any) -> None:
        held = await session.scalar(
            update(TaskRow)
            .where(TaskRow.id == task.id, TaskRow.token == task.token, TaskRow.state == TaskState.RUNNING)
            .values(**values)
            .returning(TaskRow.id),
            execution_options={"synchronize_session": False},
        )
        if held is None:
            raise LeaseLost(f"task {task.id} ({task.stage}) was cancelled or taken over")


def backoff(attempts: int, limit: float) -> float:
    """Seconds to wait after the `attempts`-th try: exponential with full jitter in the upper half."""
    ceiling = min(limit, 2.0**attempts)
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - spreads load, protects nothing
