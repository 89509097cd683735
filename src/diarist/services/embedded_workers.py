"""All workers inside this process, for as long as it holds the data directory's lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from diarist.errors import Conflict, StorageFailed
from diarist.queue.broker import GROUPS
from diarist.queue.ledger import Ring
from diarist.services.workers import workers
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics


class AlreadyWorking(Conflict):
    """Another process works on this data directory."""

    code = "already_working"
    advice = "It will do the work. Only one process works on a data directory at a time."


@contextmanager
def embedded_workers(settings: Settings, *, blobs: Blobs | None = None, metrics: Metrics | None = None) -> Iterator[Ring]:
    """Work until the context ends; gives the bell to ring. Raises `AlreadyWorking`.

    On a database that is shared, this process is one worker among others, and needs no lock.
    """
    with ExitStack() as stack:
        if settings.embedded:
            stack.enter_context(sole_worker(settings.data_dir))
        working = workers(settings, GROUPS, alone=settings.embedded, blobs=blobs, metrics=metrics)
        yield stack.enter_context(working).ring


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
def sole_worker(data_dir: Path) -> Iterator[None]:
    """Be the one process that may work on a data directory; raises `AlreadyWorking`."""
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
