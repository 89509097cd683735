"""All workers inside this process, for as long as it holds the data directory's lock."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog
from anyio.from_thread import BlockingPortal, start_blocking_portal
from filelock import FileLock, Timeout

from diarist.errors import Conflict, StorageFailed
from diarist.jobs.flow import Flow
from diarist.jobs.work import Worker
from diarist.queue.broker import Bells
from diarist.queue.ledger import Ring
from diarist.queue.sweeper import keep_sweeping
from diarist.recordings.orphans import sweep_orphans
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.wiring import open_runtime

log = structlog.get_logger(__name__)


class AlreadyWorking(Conflict):
    """Another process works on this data directory."""

    code = "already_working"
    advice = "It will do the work. Only one process works on a data directory at a time."


@contextmanager
def embedded_workers(settings: Settings, *, blobs: Blobs | None = None) -> Iterator[Ring]:
    """Work until the context ends; gives the bell to ring. Raises `AlreadyWorking`.

    The workers have an event loop and a Runtime of their own, in a thread: nothing async crosses loops. On the way out
    running tasks are given back, and their children killed.
    """
    with ExitStack() as stack:
        stack.enter_context(_held(settings.data_dir))
        portal = stack.enter_context(start_blocking_portal())
        bells: Bells = Bells(lambda queue: portal.call(worker.work, queue))
        runtime = stack.enter_context(portal.wrap_async_context_manager(open_runtime(settings, bells.ring, blobs=blobs)))
        flow = Flow(runtime.stages, runtime.ledger)
        worker = Worker(runtime, flow)
        portal.call(_recover, runtime, flow)
        stack.callback(bells.stop)
        bells.start()
        stack.callback(portal.call, worker.stop)
        with _sweeping(portal, runtime, flow, worker):
            yield bells.ring


def working_process(data_dir: Path) -> int | None:
    """The pid of the process that works on a data directory, 0 while it is not yet known, None when nobody does."""
    try:
        with FileLock(data_dir / "worker.lock", timeout=0):
            return None
    except Timeout:
        return _pid(data_dir)
    except OSError as error:
        raise _unusable(data_dir, error) from error


def _pid(data_dir: Path) -> int:
    file = data_dir / "worker.pid"
    return int(file.read_text().strip() or 0) if file.exists() else 0


@contextmanager
def _held(data_dir: Path) -> Iterator[None]:
    # Whoever only asks who works holds the lock for an instant.
    lock = FileLock(data_dir / "worker.lock", timeout=0.5)
    try:
        lock.acquire()
    except Timeout as error:
        raise AlreadyWorking(f"another process ({_pid(data_dir) or 'just started'}) already works on {data_dir}") from error
    except OSError as error:
        raise _unusable(data_dir, error) from error
    try:
        (data_dir / "worker.pid").write_text(f"{os.getpid()}\n")
        yield
    finally:
        lock.release()


def _unusable(data_dir: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        f"the data directory {data_dir} cannot be written to: {error.strerror}",
        advice="Make it writable, or choose another with DIARIST_DATA_DIR.",
    )


async def _recover(runtime: Runtime, flow: Flow) -> None:
    """Whatever runs by the ledger ran in a process that is gone: we hold the lock."""
    async with runtime.database.write() as session:
        await flow.parked(session, await runtime.ledger.recover(session))
        await runtime.ledger.ring_unrung(session)
    await sweep_orphans(runtime)


@contextmanager
def _sweeping(portal: BlockingPortal, runtime: Runtime, flow: Flow, worker: Worker) -> Iterator[None]:
    async def begin() -> asyncio.Task[None]:
        interval = runtime.settings.queue.sweep
        return asyncio.create_task(keep_sweeping(runtime.database, runtime.ledger, flow.parked, interval, worker.held))

    sweeping = portal.call(begin)
    try:
        yield
    finally:
        portal.call(_end, sweeping)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task the way asyncio does: once, so that it can still roll its transaction back."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
