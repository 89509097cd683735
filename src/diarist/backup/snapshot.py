"""One moment of the database, held still: what it names, how much is in it, and its dump are all of that moment."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from diarist.backup.named import Named
from diarist.database.session import Database
from diarist.settings import Settings
from diarist.storage.blobs import Blobs

_LONGEST = 6 * 3600.0
"""Seconds that one statement may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What is backed up."""

    settings: Settings
    database: Database
    blobs: Blobs

    @property
    def programs(self) -> Path | None:
        """Where `pg_dump` lies, if not on the PATH."""
        return self.settings.backup.postgresql_programs


class Snapshot(Protocol):
    """A view that does not change, however long one looks."""

    kind: str
    """`sqlite` or `postgresql`."""
    at: datetime
    revision: str
    """Of the schema."""
    server: int
    """PostgreSQL's major version, else 0."""
    program: int
    """That of the program that dumps, else 0."""

    async def named(self) -> dict[str, Named]:
        """Every blob that rows name, by key."""

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""

    def dump(self) -> AsyncGenerator[bytes, None]:
        """All of it, as a stream."""


def hold_still(system: System) -> AbstractAsyncContextManager[Snapshot]:
    """A snapshot of the system's database as it is now."""
    if system.settings.embedded:
        from diarist.backup.sqlite_snapshot import sqlite_snapshot

        return sqlite_snapshot(system)
    from diarist.backup.postgresql_snapshot import postgresql_snapshot

    return postgresql_snapshot(system)


@asynccontextmanager
async def opened_system(settings: Settings) -> AsyncIterator[System]:
    """What the settings name, for as long as it is backed up or restored; connects at first use."""
    # Rows are counted, and tables moved, in single statements.
    patient = settings.database.model_copy(update={"statement_timeout": _LONGEST, "replica_url": ""})
    database = Database.open(settings.database_url, patient)
    try:
        yield System(
            settings=settings,
            database=database,
            blobs=Blobs.open(settings.storage_url, settings.storage, scratch=settings.scratch_dir),
        )
    finally:
        await database.close()
