"""A served API for tests: the real app on a real socket, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import Queue

import httpx

from diarist.http.server import listening, new_server
from diarist.queue.ledger import Ring
from diarist.services.standalone import create_app
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.wiring import prepare

PATIENCE = 30.0
"""Seconds that anything here may take on a slow machine."""


@contextmanager
def served(settings: Settings, *, ring: Ring = lambda _: None, blobs: Blobs | None = None) -> Iterator[httpx.Client]:
    """A client of the API; without a `ring` nobody works, and jobs stay queued."""
    asyncio.run(prepare(settings))
    addresses: Queue[str] = Queue()
    with listening("127.0.0.1", 0) as listener:
        server = new_server(create_app(settings, ring, blobs=blobs), addresses.put)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx.Client(base_url=addresses.get(timeout=PATIENCE), timeout=PATIENCE, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def blobs_of(settings: Settings) -> list[str]:
    """Every file below the accounts in the blob store, staged ones included."""
    root = settings.data_dir / "blobs" / "accounts"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def rows_of(settings: Settings, table: str) -> int:
    """How many rows a table has."""
    with closing(sqlite3.connect(settings.data_dir / "diarist.db")) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - a name of ours
    return count


def nothing_is_stored(settings: Settings) -> bool:
    """Whether there is neither a row nor a blob of any recording."""
    return not blobs_of(settings) and not any(rows_of(settings, table) for table in ("recordings", "jobs", "tasks"))
