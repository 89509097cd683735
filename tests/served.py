"""A served API for tests: the real app on a real socket, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import httpx
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from diarist.http.server import listening, new_server
from diarist.queue.ledger import Ring
from diarist.services.embedded_workers import embedded_workers
from diarist.services.standalone import create_app
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics
from diarist.wiring import prepare
from waiting import PATIENCE


@contextmanager
def served(
    settings: Settings, *, ring: Ring = lambda _: None, blobs: Blobs | None = None, metrics: Metrics | None = None
) -> Iterator[httpx.Client]:
    """A client of the API; without a `ring` nobody works, and jobs stay queued."""
    asyncio.run(prepare(settings))
    addresses: Queue[str] = Queue()
    with listening("127.0.0.1", 0) as listener:
        server = new_server(create_app(settings, ring, blobs=blobs, metrics=metrics), addresses.put)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx.Client(base_url=addresses.get(timeout=PATIENCE), timeout=PATIENCE, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@contextmanager
def worked_for(settings: Settings, *, blobs: Blobs | None = None, metrics: Metrics | None = None) -> Iterator[httpx.Client]:
    """A client of an API whose jobs are worked on in this process."""
    asyncio.run(prepare(settings))
    with (
        embedded_workers(settings, blobs=blobs, metrics=metrics) as ring,
        served(settings, ring=ring, blobs=blobs, metrics=metrics) as client,
    ):
        yield client


def blobs_of(settings: Settings) -> list[str]:
    """Every file below the accounts in the blob store, staged ones included; folders may vanish meanwhile."""
    root = settings.data_dir / "blobs" / "accounts"
    return sorted(str((Path(folder) / name).relative_to(root)) for folder, _, names in os.walk(root) for name in names)


def rows_of(settings: Settings, table: str) -> int:
    """How many rows a table has."""
    with _engine(settings).connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - a name of ours


def table_of(settings: Settings, table: str) -> list[Any]:
    """All that a table holds."""
    with _engine(settings).connect() as connection:
        return [*connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608 - a name of ours


def change(settings: Settings, statement: str, **values: Any) -> None:
    """Change what the database holds behind the server's back."""
    with _engine(settings).begin() as connection:
        connection.execute(text(statement), values)


def _engine(settings: Settings) -> Engine:
    url = make_url(settings.database_url)
    return create_engine(url.set(drivername="sqlite" if settings.embedded else "postgresql+psycopg"), poolclass=NullPool)


def nothing_is_stored(settings: Settings) -> bool:
    """Whether there is neither a row nor a blob of any recording."""
    return not blobs_of(settings) and not any(rows_of(settings, table) for table in ("recordings", "jobs", "tasks"))
