"""Workers inside this process, for some queues or for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.session import after_commit
from diarist.errors import Unavailable, WorkerLost
from diarist.failures.failure import Context, FailureKind
from diarist.jobs.flow import Flow
from diarist.jobs.work import Worker
from diarist.notifications.addressing import QUEUE
from diarist.notifications.courier import Courier
from diarist.queue.broker import QUEUES, Group, open_bells
from diarist.queue.ledger import Ring
from diarist.queue.models import TaskRow
from diarist.queue.sweeper import keep_sweeping
from diarist.recordings.tidying import keep_tidy
from diarist.runtime import Runtime
from diarist.services.event_loop import has_uvloop
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics
from diarist.wiring import OpenRuntime, open_runtime

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Workers:
    """Those at work, as seen from other threads."""

    ring: Ring
    _portal: BlockingPortal
    _worker: Worker

    def drain(self, grace: float) -> None:
        """Take nothing new; return when all that runs is finished or given back, `grace` seconds at most."""
        self._portal.call(self._worker.drain, grace)

    async def check(self) -> None:
        """Raise `Unavailable` unless their event loop answers and takes tasks."""
        if await asyncio.wrap_future(self._portal.start_task_soon(self._stopping)):
            raise Unavailable("they take no more tasks")

    async def _stopping(self) -> bool:
        return self._worker.stopping


@contextmanager
def workers(
    settings: Settings,
    groups: Sequence[Group],
    *,
    alone: bool,
    blobs: Blobs | None = None,
    metrics: Metrics | None = None,
    opening: OpenRuntime = open_runtime,
) -> Iterator[Workers]:
    """Work until the context ends; on the way out running tasks are given back, and their children killed.

    The workers have an event loop and a Runtime of their own, in a thread: nothing async crosses loops. `alone`: nobody else
    works on this database, so that whatever it says is running has been left behind. `opening`: who opens the Runtime. `metrics`:
    where they count.
    """
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal(backend_options={"use_uvloop": has_uvloop()}))
        bells = open_bells(settings.broker.url, lambda queue: portal.call(_answer, queue, worker, courier), groups)
        runtime = stack.enter_context(
            portal.wrap_async_context_manager(opening(settings, bells.ring, blobs=blobs, metrics=metrics))
        )
        flow = Flow(runtime)
        worker = Worker(runtime, flow)
        # Closed after the worker: what comes of its last tasks is told as well.
        courier = stack.enter_context(portal.wrap_async_context_manager(_courier(runtime, groups)))
        archive = any("audio" in group.queues for group in groups)
        if alone:
            portal.call(_recover, runtime, flow)
        stack.callback(bells.stop)
        bells.start()
        stack.callback(portal.call, worker.stop)
        stack.enter_context(portal.wrap_async_context_manager(_beside(runtime, flow, worker, archive=archive)))
        yield Workers(bells.ring, portal, worker)


@asynccontextmanager
async def _courier(runtime: Runtime, groups: Sequence[Group]) -> AsyncIterator[Courier | None]:
    """Whoever sends webhooks, where that is done here."""
    if not any(QUEUE in group.queues for group in groups):
        yield None
        return
    async with Courier.open(runtime) as courier:
        yield courier


async def _answer(queue: str, worker: Worker, courier: Courier | None) -> None:
    """A bell was heard."""
    if queue == QUEUE and courier is not None:
        courier.wake()
    else:
        await worker.work(queue)


async def _recover(runtime: Runtime, flow: Flow) -> None:
    """Whatever runs by the ledger ran in a process that is gone."""
    async with runtime.database.write() as session:
        await flow.parked(session, await runtime.ledger.recover(session))
        await runtime.ledger.ring_ready(session)


@asynccontextmanager
async def _beside(runtime: Runtime, flow: Flow, worker: Worker, *, archive: bool) -> AsyncIterator[None]:
    """What goes on beside the work: sweeping, tidying, and listening to what is cancelled."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(runtime.metrics.process.watching("workers"))
        # Whoever sweeps takes back tasks of all queues, not only of those that it works on.
        runtime.metrics.tasks.expect(QUEUES)
        events = await stack.enter_async_context(runtime.events.subscribe(*Worker.HEEDED))
        interval = runtime.settings.queue.sweep

        def sweep_failed(error: Exception) -> None:
            runtime.failures.note(error, FailureKind.CHORE, Context(place="sweep"))

        async def parked(session: AsyncSession, rows: Sequence[TaskRow]) -> None:
            await flow.parked(session, rows)
            for row in rows:
                about = Context(place=row.stage, account_id=row.account_id, job_id=row.job_id, task_id=row.id)
                after_commit(session, partial(runtime.failures.note, WorkerLost(), FailureKind.TASK, about))

        tasks = [
            asyncio.create_task(keep_sweeping(runtime.database, runtime.ledger, parked, interval, worker.held, sweep_failed)),
            asyncio.create_task(worker.heed(events)),
            asyncio.create_task(keep_tidy(runtime, archive=archive)),
        ]
        try:
            yield
        finally:
            # Once, the way asyncio does it, so that a transaction can still be rolled back.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
