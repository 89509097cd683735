"""The ledger: tasks are put down with the state they follow, leased with a fencing token, and settled once.

It knows tasks and leases, not what a stage does or what follows it.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.clock import database_now
from diarist.database.session import Database, after_commit
from diarist.domain.job import OPEN_TASK_STATES, JobPriority, JobState, TaskState
from diarist.errors import DiaristError, LeaseLost
from diarist.queue import statements
from diarist.queue.limits import account_fits, queue_has_room
from diarist.queue.models import TaskRow
from diarist.queue.past_work import keep_past_work
from diarist.queue.statements import JOBS
from diarist.queue.turns import IS_READY, IS_WAITING
from diarist.settings import QueueSettings
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.tasks import TaskMetrics
from diarist.telemetry.processor import Used
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import current_traceparent

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
    priority: int
    attempts: int
    """Tries so far, this one included."""
    token: UUID
    traceparent: str | None = None
    """Where in which trace it was put down."""
    cpu_seconds: float = 0.0
    """That earlier tries have taken, as the next."""
    gpu_seconds: float = 0.0
    begins: bool = False
    """Whether nobody had begun with its job, as far as could be seen when it was claimed."""


class Ledger:
    """Every verb on tasks, and the only code that writes their table."""

    def __init__(
        self, database: Database, settings: QueueSettings, ring: Ring | None, metrics: TaskMetrics | None = None
    ) -> None:
        """Without `ring` nobody is woken from here; the sweepers of the workers find what was put down."""
        self._database = database
        self._settings = settings
        self._ring = ring
        self._metrics = metrics or TaskMetrics.open(Catalogue.open())
        self._rung: dict[str, float] = {}
        """When each queue was last rung for from here, by the process's monotonic clock."""

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
        priority: int = JobPriority.NORMAL.rank,
        waiting: bool = False,
        delay: float = 0.0,
    ) -> None:
        """Write a task in the caller's transaction; the same key twice is one task. The bell rings after commit.

        `waiting`: until the stage before it is done, see `open_joining`. `delay`: seconds until it is ready.
        """
        ready = not waiting and not delay
        values: dict[str, Any] = {
            "account_id": account_id,
            "job_id": job_id,
            "stage": stage,
            "queue": queue,
            "key": key,
            "payload": dict(payload),
            "priority": priority,
            "state": TaskState.QUEUED if ready else TaskState.WAITING,
            "traceparent": current_traceparent(),
        }
        if not waiting:
            values["delay"] = delay
        if ready:
            values |= {"of_account_id": account_id, "of_queue": queue, "of_priority": priority}
        statement = statements.put_down(session.get_bind().dialect.name, ready=ready, waiting=waiting)
        if await session.scalar(statement, values) is not None and ready:
            self._ring_after_commit(session, queue)

    async def claim(self, queue: str) -> Task | None:
        """Lease the best ready task of a queue, or None when there is none that may run now."""
        full: set[UUID] = set()
        while True:
            async with self._database.write() as session:
                if not await queue_has_room(session, queue, self._settings):
                    return None
                task, limit = await self._take_best(session, queue, full)
                if task is None or limit is None or await account_fits(session, queue, task.account_id, limit):
                    return task
                # Another claim of the same account was faster by a moment.
                full.add(task.account_id)
                await session.rollback()

    async def claim_next(self, session: AsyncSession, queue: str) -> tuple[Task | None, bool]:
        """Do the same as the last thing in the transaction at hand; also returns whether None means that there is none.

        Most tasks are claimed by whoever has just settled one, and a transaction costs as much as the claim. Where there are
        limits to keep, only a transaction of its own can tell.
        """
        if queue in self._settings.limits:
            return None, False
        task, limit = await self._take(session, statements.take_best(self._settings.account_limit), {"of_queue": queue})
        if task is None:
            full = await session.scalars(statements.full(self._settings.account_limit), {"of_queue": queue})
            return None, full.first() is None
        if limit is None or await account_fits(session, queue, task.account_id, limit):
            return task, True
        await session.scalar(statements.put_back(), {"of_id": task.id, "of_token": task.token, **_taken(task)})
        return None, False

    async def _take_best(self, session: AsyncSession, queue: str, full: AbstractSet[UUID]) -> tuple[Task | None, int | None]:
        """Claim in the transaction at hand, of no account in `full`; also returns the limit of the task's account, if any."""
        limit = self._settings.account_limit
        taken: tuple[Task | None, int | None] = (None, None)
        if not full:
            taken = await self._take(session, statements.take_best(limit), {"of_queue": queue})
        if taken[0] is None:
            full = full | set(await session.scalars(statements.full(limit), {"of_queue": queue}))
        while taken[0] is None and full:
            heads = await session.execute(statements.head_of_others(), {"of_queue": queue, "full": list(full)})
            head = heads.one_or_none()
            if head is None:
                break
            account_id, priority, turn = head
            first = {"of_queue": queue, "of_account_id": account_id, "of_priority": priority, "of_turn": turn}
            taken = await self._take(session, statements.take_from(limit), first)
            full = full | {account_id}
        return taken

    async def _take(self, session: AsyncSession, statement: Any, which: Mapping[str, Any]) -> tuple[Task | None, int | None]:
        token = uuid4()
        values = {"new_token": token, "lease": self._settings.lease, **which}
        row = (await session.execute(statement, values)).one_or_none()
        if row is None:
            return None, None
        *found, job_state, account_limit = row
        names = (column.key for column in statements.CLAIMED)
        return Task(token=token, begins=job_state == JobState.QUEUED, **dict(zip(names, found, strict=True))), account_limit

    async def renew(self, task: Task, done_seconds: float, used: Used | None = None) -> None:
        """Sign of life and progress of the holder; raises `LeaseLost`. `used`: by all tries, this one included, as everywhere."""
        async with self._database.write() as session:
            await _held(session, task, statements.renew(), lease=self._settings.lease, done=done_seconds, **_taken(task, used))

    @asynccontextmanager
    async def fenced(self, task: Task) -> AsyncIterator[AsyncSession]:
        """A write transaction that only the holder can make; raises `LeaseLost` before anything is written."""
        async with self._database.write() as session:
            await _held(session, task, statements.fence(), of_job_id=task.job_id, lease=self._settings.lease)
            yield session

    async def succeed(self, session: AsyncSession, task: Task, done_seconds: float, used: Used | None = None) -> None:
        """Settle a task as done, in the transaction of its result and before it; raises `LeaseLost`. Its job is locked then."""
        done = {"done": done_seconds, "done_in": current_traceparent(), **_taken(task, used)}
        await _held(session, task, statements.succeed(), of_job_id=task.job_id, **done)

    async def fail(self, session: AsyncSession, task: Task, error: DiaristError, used: Used | None = None) -> bool:
        """Put a task back for a later try, or settle it as failed; returns whether it has failed for good.

        An error that says itself when to come back does not use a try up.
        """
        await _lock_job(session, task.job_id)
        asked_to_wait = error.retryable and error.retry_after is not None
        for_good = not error.retryable or (task.attempts >= self._settings.max_attempts and not asked_to_wait)
        becomes: dict[str, Any]
        if for_good:
            becomes = {"state": TaskState.FAILED, "finished_at": database_now()}
        else:
            wait = error.retry_after or backoff(task.attempts, self._settings.backoff_limit)
            attempts = TaskRow.attempts - (1 if asked_to_wait else 0)
            becomes = {
                "state": TaskState.WAITING, "run_after": database_now() + wait, "attempts": attempts,
                "earlier_seconds": statements.held_for(),
            }  # fmt: skip
        reason = {"error_code": error.code, "error_message": error.message, "done_in": current_traceparent()}
        took = {f"{name}_seconds": seconds for name, seconds in _taken(task, used).items()}
        await _held(session, task, statements.held().values(token=None, lease_until=None, **becomes, **reason, **took))
        return for_good

    async def give_back(self, task: Task, used: Used | None = None) -> None:
        """Return a task that the holder cannot finish, at once and without counting the try; lost leases are no error."""
        async with self._database.write() as session:
            queue = await session.scalar(statements.put_back(), {"of_id": task.id, "of_token": task.token, **_taken(task, used)})
            if queue is not None:
                self._ring_after_commit(session, queue)

    async def open_joining(self, session: AsyncSession, job_id: UUID, *, joining: str, cutter: str, parts: str) -> None:
        """Make the waiting task of a stage ready if the stage `cutter` has succeeded and all `parts` are settled.

        The job is locked, so that of parts that are settled at once one is the last.
        """
        values = {"of_job_id": job_id, "joining": joining, "cutter": cutter, "parts": parts, "by": current_traceparent()}
        for queue in await session.scalars(statements.open_joining(), values):
            self._ring_after_commit(session, queue)

    async def open_due(self, session: AsyncSession, limit: int = 500) -> None:
        """Make the tasks ready whose time has come."""
        due = select(TaskRow.id).where(TaskRow.state == IS_WAITING, TaskRow.run_after <= database_now()).limit(limit)
        await self._make_ready(session, TaskRow.id.in_(due.with_for_update(skip_locked=True)))

    async def cancel_job(self, session: AsyncSession, job_id: UUID) -> None:
        """Cancel every open task of a job; holders notice at their next renewal."""
        await session.execute(
            update(TaskRow)
            .where(TaskRow.job_id == job_id, TaskRow.state.in_(OPEN_TASK_STATES))
            .values(state=TaskState.CANCELLED, token=None, lease_until=None, finished_at=database_now())
        )

    async def requeue(
        self, session: AsyncSession, job_id: UUID, states: Collection[TaskState], *which: ColumnElement[bool]
    ) -> set[str]:
        """Put the tasks of a job that are in any of the states back, with their counts at zero; returns their stages."""
        asked_in = current_traceparent()
        await keep_past_work(session, TaskRow.job_id == job_id, TaskRow.state.in_(states), *which)
        found = await self._make_ready(
            session,
            TaskRow.job_id == job_id,
            TaskRow.state.in_(states),
            *which,
            **({"traceparent": asked_in} if asked_in else {}),
            attempts=0,
            crashes=0,
            earlier_seconds=0.0,
            finished_at=None,
            error_code=None,
            error_message=None,
        )
        return {stage for stage, _ in found}

    async def instruct(self, session: AsyncSession, job_id: UUID, stage: str, payload: Mapping[str, Any]) -> None:
        """Give the task of a stage another payload, before it is done once more."""
        await session.execute(
            update(TaskRow).where(TaskRow.job_id == job_id, TaskRow.stage == stage).values(payload=dict(payload))
        )

    async def rewind(self, session: AsyncSession, job_id: UUID, stage: str) -> None:
        """Make the task of a stage wait again, wherever it stands."""
        await keep_past_work(session, TaskRow.job_id == job_id, TaskRow.stage == stage)
        await session.execute(
            update(TaskRow)
            .where(TaskRow.job_id == job_id, TaskRow.stage == stage)
            .values(
                state=TaskState.WAITING,
                attempts=0,
                crashes=0,
                token=None,
                lease_until=None,
                finished_at=None,
                run_after=None,
                earlier_seconds=0.0,
            )
        )

    async def done_in(self, session: AsyncSession, job_id: UUID, stage: str, limit: int) -> list[Traceparent]:
        """Where in which traces the tasks of a stage were done, as far as that is known; at most `limit`."""
        rows = select(TaskRow.done_in).where(TaskRow.job_id == job_id, TaskRow.stage == stage).order_by(TaskRow.id).limit(limit)
        return [place for place in map(Traceparent.read, await session.scalars(rows)) if place]

    async def forget(self, session: AsyncSession, job_id: UUID, stage: str) -> None:
        """Remove the tasks of a stage."""
        await keep_past_work(session, TaskRow.job_id == job_id, TaskRow.stage == stage)
        await session.execute(delete(TaskRow).where(TaskRow.job_id == job_id, TaskRow.stage == stage))

    async def recover(self, session: AsyncSession) -> list[TaskRow]:
        """Take back every running task, whatever its lease says; only for a process that knows it is the only worker.

        Returns the tasks that were parked because they have taken their worker down too often.
        """
        return await self._take_back(session, TaskRow.state == TaskState.RUNNING)

    async def expire(self, session: AsyncSession, held: Collection[UUID] = ()) -> list[TaskRow]:
        """Take back the tasks whose holder has been silent for longer than its lease; returns those that were parked.

        `held` are the tasks of this very process: when it was suspended, it is silent and healthy.
        """
        silent = (TaskRow.state == TaskState.RUNNING, TaskRow.lease_until < database_now(), TaskRow.id.not_in(held))
        jobs = select(JOBS.c.id).where(JOBS.c.id.in_(select(TaskRow.job_id).where(*silent)))
        # Whoever holds one of these jobs is about to write; the next look is soon enough for it.
        found = (await session.scalars(jobs.with_for_update(skip_locked=True))).all()
        return await self._take_back(session, *silent, TaskRow.job_id.in_(found)) if found else []

    async def ring_ready(self, session: AsyncSession) -> None:
        """Ring for the queues that have ready tasks and were not rung for lately; bells may be lost, tasks may not."""
        now = time.monotonic()
        queue = await session.scalar(select(func.min(TaskRow.queue)).where(TaskRow.state == IS_READY))
        while queue is not None:
            if now - self._rung.get(queue, -math.inf) >= self._settings.rering:
                some = select(TaskRow.id).where(TaskRow.state == IS_READY, TaskRow.queue == queue).limit(_MOST_BELLS)
                for _ in range(await session.scalar(select(func.count()).select_from(some.subquery())) or 0):
                    self._ring_after_commit(session, queue)
            later = select(func.min(TaskRow.queue)).where(TaskRow.state == IS_READY, TaskRow.queue > queue)
            queue = await session.scalar(later)

    def _ring_after_commit(self, session: AsyncSession, queue: str) -> None:
        if self._ring is not None:
            self._rung[queue] = time.monotonic()
            after_commit(session, partial(self._ring, queue))

    async def _make_ready(self, session: AsyncSession, *which: ColumnElement[bool], **values: Any) -> Sequence[tuple[str, str]]:
        """Queue tasks and ring for them; returns the stage and queue of each."""
        rows = await session.execute(
            update(TaskRow).where(*which).values(**statements.becoming_ready(), **values).returning(TaskRow.stage, TaskRow.queue),
            execution_options={"synchronize_session": False},
        )
        found = [(stage, queue) for stage, queue in rows]
        for queue, tasks in Counter(queue for _, queue in found).items():
            for _ in range(min(tasks, _MOST_BELLS)):
                self._ring_after_commit(session, queue)
        return found

    async def _take_back(self, session: AsyncSession, *which: Any) -> list[TaskRow]:
        crashed_out = TaskRow.crashes + 1 >= self._settings.max_crashes
        rows = await session.scalars(
            update(TaskRow)
            .where(*which)
            .values(
                state=case((crashed_out, TaskState.PARKED), else_=TaskState.QUEUED),
                crashes=TaskRow.crashes + 1,
                run_after=database_now(),
                earlier_seconds=statements.held_for(
                    case((TaskRow.lease_until < database_now(), TaskRow.lease_until), else_=database_now())
                ),
                # A lost worker is counted apart from a try that came to an error of its own.
                attempts=TaskRow.attempts - 1,
                finished_at=case((crashed_out, database_now()), else_=None),
                token=None,
                lease_until=None,
                error_code="worker_lost",
                error_message="The worker that had this task went away.",
            )
            .returning(TaskRow),
            execution_options={"synchronize_session": False},
        )
        found = rows.all()
        parked = [row for row in found if row.state == TaskState.PARKED]
        after_commit(session, partial(self._metrics.taken_back, found, parked))
        return parked


async def _held(session: AsyncSession, task: Task, statement: Any, **values: Any) -> None:
    """Execute what changes a task only in the hands of its holder; raises `LeaseLost`."""
    if await session.scalar(statement, {"of_id": task.id, "of_token": task.token, **values}) is None:
        raise LeaseLost(f"task {task.id} ({task.stage}) was cancelled or taken over")


def _taken(task: Task, used: Used | None = None) -> dict[str, float]:
    return {"cpu": (used or task).cpu_seconds, "gpu": (used or task).gpu_seconds}


async def _lock_job(session: AsyncSession, job_id: UUID) -> None:
    """A job is always locked before its tasks, so that no two transactions wait for each other."""
    await session.execute(statements.lock_job(), {"of_job_id": job_id})


def backoff(attempts: int, limit: float) -> float:
    """Seconds to wait after the `attempts`-th try: exponential with full jitter in the upper half."""
    ceiling = min(limit, 2.0**attempts)
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311 - spreads load, protects nothing
