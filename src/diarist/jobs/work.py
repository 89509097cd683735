"""One turn of a worker: claim a task, run its handler under a renewed lease, settle it once."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.domain.events import Event, EventKind, Lagged
from diarist.errors import DatabaseUnavailable, DiaristError, LeaseLost, NotFound, StageUnknown, Unavailable
from diarist.errors.origin import origin_of
from diarist.failures.failure import Context, FailureKind
from diarist.jobs.flow import Flow
from diarist.jobs.remaining import remaining
from diarist.jobs.tracing import attempt, link_parts
from diarist.queue.ledger import Task
from diarist.runtime import Runtime
from diarist.telemetry.faults import is_fault
from diarist.telemetry.metrics.tasks import TaskOutcome, priority_name
from diarist.telemetry.processor import Meter, metering
from diarist.telemetry.tracing import NOTHING, Span, apart

Effect = Callable[[AsyncSession], Awaitable[None]]
"""Writes a handler's result; runs in the transaction that settles the task, or not at all."""

log = structlog.get_logger(__name__)


class TaskContext:
    """What a handler knows of the task it runs."""

    def __init__(self, runtime: Runtime, flow: Flow, task: Task) -> None:
        self.runtime = runtime
        self.task = task
        self.done_seconds = 0.0
        """Seconds of audio the handler has been through; it moves this on, the next renewal stores it."""
        self.total_seconds: float | None = None
        """Seconds of audio that there are, where the handler says so."""
        self.meter = Meter(task.cpu_seconds, task.gpu_seconds)
        """Processor time of all its tries."""
        self.started = time.monotonic()
        self.doubted = asyncio.Event()
        """Whether there is a reason to look at once whether the lease still holds."""
        self.held_up = False
        """Whether it was put off for want of something that other tasks here would want too."""
        self.last = False
        """Whether nothing else was ready in its queue when it was settled."""
        self.outcome = TaskOutcome.SUCCEEDED
        """What came of this attempt, once it has ended."""
        self.span: Span = NOTHING
        """What this attempt is in its job's trace."""
        self._flow = flow

    @asynccontextmanager
    async def fenced(self) -> AsyncIterator[AsyncSession]:
        """A transaction in the middle of the work; raises `LeaseLost` when the task is no longer ours."""
        async with self.runtime.ledger.fenced(self.task) as session:
            yield session

    async def put_part(self, session: AsyncSession, part: str, payload: Mapping[str, Any]) -> None:
        """Put one part of a fan-out down while this task still runs; `part` names it within the job."""
        await self._flow.put_part(session, self.task, part, payload)


Handler = Callable[[TaskContext], Coroutine[Any, Any, Effect | None]]
"""Does the long part of a stage, with no transaction open; may run twice."""


class Worker:
    """Runs tasks on one event loop."""

    HEEDED = (EventKind.JOB_CANCELLED,)
    """The kinds of events that `heed` looks at."""

    def __init__(self, runtime: Runtime, flow: Flow) -> None:
        self._runtime = runtime
        self._flow = flow
        self._turns: set[asyncio.Task[None]] = set()
        self._held: dict[asyncio.Task[Any], TaskContext] = {}
        self._paces: dict[str, float] = {}
        """By stage: seconds of audio in a second, as its last task went."""
        self._stopping = False

    async def work(self, queue: str) -> None:
        """Answer a bell: run task after task of the queue, the best first, until none is ready or we are stopping."""
        turn = asyncio.create_task(self._turn(queue))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        with suppress(asyncio.CancelledError):
            await turn

    async def heed(self, events: AsyncIterator[Event | Lagged]) -> None:
        """Listen, and look at once at the leases of a job that is said to be cancelled."""
        async for event in events:
            for context in self._held.values():
                if isinstance(event, Lagged) or (event.kind, event.job_id) == (EventKind.JOB_CANCELLED, context.task.job_id):
                    context.doubted.set()

    async def drain(self, grace: float) -> None:
        """Take no more tasks; give back at once those that would not end within `grace` seconds, then those that have not."""
        self._stopping = True
        for turn, context in list(self._held.items()):
            rest = remaining(
                done=context.done_seconds,
                total=context.total_seconds,
                elapsed=time.monotonic() - context.started,
                pace=self._paces.get(context.task.stage),
            )
            if rest is not None and rest > grace:
                turn.cancel()
        if self._turns:
            await asyncio.wait(self._turns, timeout=grace)
        await self.stop()

    async def stop(self) -> None:
        """Take no more tasks and give those that run back at once, as if they had not begun."""
        self._stopping = True
        for turn in self._turns:
            turn.cancel()
        await asyncio.gather(*self._turns, return_exceptions=True)

    def held(self) -> set[UUID]:
        """The tasks that run here now."""
        return {context.task.id for context in self._held.values()}

    @property
    def stopping(self) -> bool:
        """Whether no more tasks are taken."""
        return self._stopping

    async def _turn(self, queue: str) -> None:
        """Run task after task, until there is none, or something that all tasks need is missing here."""
        turn = asyncio.current_task()
        assert turn  # noqa: S101 - for mypy: a coroutine runs in a task
        task = await self._claim(queue)
        while task is not None:
            if self._stopping:
                await self._runtime.ledger.give_back(task)
                return
            self._held[turn] = context = TaskContext(self._runtime, self._flow, task)
            try:
                task = await self._settle(context, queue)
            finally:
                del self._held[turn]
            if task is None and not context.held_up and not context.last:
                task = await self._claim(queue)

    async def _claim(self, queue: str) -> Task | None:
        if self._stopping:
            return None
        try:
            return await self._not_lost(self._runtime.ledger.claim(queue))
        except Unavailable as error:
            log.warning("task.claim_postponed", queue=queue, error=error.code)
            return None

    async def _not_lost(self, claiming: Coroutine[Any, Any, Task | None]) -> Task | None:
        """Let a claim come to its end; a task that was claimed while we were told to stop is given back at once."""
        claim = asyncio.create_task(claiming)
        try:
            return await asyncio.shield(claim)
        except asyncio.CancelledError:
            with suppress(DiaristError):
                if (task := await claim) is not None:
                    await self._runtime.ledger.give_back(task)
            raise

    async def _settle(self, context: TaskContext, queue: str) -> Task | None:
        """Run a task; returns the next of the queue where it was claimed with the end of this one."""
        task, following = context.task, None
        known = structlog.contextvars.bound_contextvars(job_id=str(task.job_id), task_id=str(task.id), stage=task.stage)
        # Within the span, so that what is counted leads to its trace.
        with known, attempt(task, queue) as span, self._runtime.metrics.tasks.attempt(context):
            context.span = span
            try:
                following = await self._run(context, queue)
            except (LeaseLost, NotFound):
                # Cancelled, taken over, or its recording was deleted: whatever we made is dropped.
                context.outcome = TaskOutcome.LOST
                log.info("task.lease_lost")
            except asyncio.CancelledError:
                context.outcome = TaskOutcome.GIVEN_BACK
                await asyncio.shield(self._runtime.ledger.give_back(task, context.meter))
                log.info("task.given_back")
                raise
            except Unavailable as error:
                # The lease runs out and the task is found again; nothing that could be written was lost.
                span.fail(error.code)
                context.outcome = TaskOutcome.UNSETTLED
                log.warning("task.left_to_its_lease", error=error.code)
                self._note(task, error)
            else:
                seconds = time.monotonic() - context.started
                if context.done_seconds:
                    span.note({"diarist.audio_seconds": context.done_seconds})
                    self._paces[task.stage] = context.done_seconds / seconds
                log.info("task.settled", seconds=round(seconds, 3))
        return following

    async def _run(self, context: TaskContext, queue: str) -> Task | None:
        task = context.task
        if task.begins:
            await self._flow.begun(task)
        try:
            effect = await self._under_lease(context)
            # Before the end is written: with that the next task is claimed, and whoever is cancelled then would keep it.
            await link_parts(self._runtime, self._flow, task, context.span)
            return await self._succeed(context, effect, queue)
        except LeaseLost:
            raise
        except DiaristError as error:
            await self._fail(context, error, queue)
        except Exception as error:
            log.exception("task.crashed")
            context.span.note({"diarist.crash": type(error).__name__})
            bug = _Bug(f"{type(error).__name__} in the stage {task.stage}")
            bug.origin = origin_of(error)
            await self._fail(context, bug, queue)
        return None

    async def _succeed(self, context: TaskContext, effect: Effect | None, queue: str) -> Task | None:
        """Settle the task with its result; a database that is away for a moment must not cost the work.

        It is tried for as long as a lease lasts, and the token guards it: whoever took the task over meanwhile is not disturbed.
        """
        settings = self._runtime.settings.queue
        patience = time.monotonic() + settings.lease
        while True:
            try:
                return await self._not_lost(self._write(context, effect, queue))
            except DatabaseUnavailable:
                if time.monotonic() > patience:
                    raise
                await asyncio.sleep(settings.renew)

    async def _write(self, context: TaskContext, effect: Effect | None, queue: str) -> Task | None:
        """Write the result of a task and what follows from it, and claim the next."""
        async with self._runtime.database.write() as session:
            # First, as it locks the job and raises LeaseLost before anything is written.
            await self._runtime.ledger.succeed(session, context.task, context.done_seconds, context.meter)
            if effect is not None:
                await effect(session)
            await self._flow.succeeded(session, context.task)
            if self._stopping:
                return None
            following, sure = await self._runtime.ledger.claim_next(session, queue)
            context.last = sure and following is None
            return following

    async def _under_lease(self, context: TaskContext) -> Effect | None:
        """Run the handler while its lease is renewed; a lost lease cancels the handler and raises `LeaseLost`."""
        with metering(context.meter):
            handler = asyncio.create_task(_resolve(self._flow.stage(context.task.stage).handler)(context))
        with apart():
            renewal = asyncio.create_task(self._renew(context))
        try:
            await asyncio.wait({handler, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not handler.done():
                await renewal  # raises LeaseLost
            return await handler
        finally:
            for one in (handler, renewal):
                one.cancel()
            await asyncio.gather(handler, renewal, return_exceptions=True)

    async def _renew(self, context: TaskContext) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._runtime.settings.queue.renew):
                    await context.doubted.wait()
            context.doubted.clear()
            # A database that is away for a moment must not kill work whose lease still holds.
            with suppress(Unavailable):
                await self._runtime.ledger.renew(context.task, context.done_seconds, context.meter)
                await self._runtime.events.publish(
                    Event(kind=EventKind.TASK_PROGRESS, account_id=context.task.account_id, job_id=context.task.job_id)
                )

    async def _fail(self, context: TaskContext, error: DiaristError, queue: str) -> None:
        task = context.task
        context.span.fail(error.code)
        await link_parts(self._runtime, self._flow, task, context.span)
        # A disk that is full or a store that is away here must not put off the tasks that others could do.
        # What only this task waits for does not concern them.
        context.held_up = error.retryable and error.retry_after is not None and not isinstance(error, StageUnknown)
        async with self._runtime.database.write() as session:
            for_good = await self._runtime.ledger.fail(session, task, error, context.meter)
            if for_good:
                await self._flow.failed(session, task.job_id, task.stage, error.code, error.message)
        context.outcome = TaskOutcome.FAILED if for_good else TaskOutcome.RETRIED
        metrics = self._runtime.metrics.tasks
        metrics.errors.add(task.stage, error.code)
        if not for_good:
            metrics.retries.add(queue, priority_name(task.priority))
        log.warning("task.failed", error=error.code, for_good=for_good, attempt=task.attempts)
        if for_good or is_fault(error):
            self._note(task, error)

    def _note(self, task: Task, error: DiaristError) -> None:
        about = Context(place=task.stage, account_id=task.account_id, job_id=task.job_id, task_id=task.id)
        self._runtime.failures.note(error, FailureKind.TASK, about)


class _Bug(DiaristError):
    """An unexpected error; it may have been a passing one."""

    retryable = True


def _resolve(name: str) -> Handler:
    module, _, function = name.partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)
    return handler
