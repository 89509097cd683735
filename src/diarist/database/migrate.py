"""Brings a database up to date with Alembic; the revisions travel inside the package, so that a wheel can migrate."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from sqlalchemy import Connection, MetaData, inspect, text

from diarist.database.session import Database, translated
from diarist.errors import Misconfigured

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """The newest revision in this package; revisions are numbered files in one line."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def current(url: str) -> str | None:
    """The revision the database is at, or None when it is empty."""
    database = Database.open(url)
    try:
        with translated():
            async with database.engine.connect() as connection:
                return await connection.run_sync(_current)
    finally:
        await database.close()


async def upgrade(url: str, metadata: MetaData, *, lock: Path, revision: str = "head") -> bool:
    """Upgrade to a revision; returns whether there was anything to do. Raises `Misconfigured` for a database from the future."""
    target = head() if revision == "head" else revision
    at = await current(url)
    if at == target:
        return False
    if at is not None and at > head():
        raise Misconfigured(
            f"the database is at revision {at}, but this version of Diarist only knows {head()}",
            advice="It was written by a newer Diarist. Install that version again; nothing was changed.",
        )
    await asyncio.to_thread(_locked_upgrade, url, metadata, lock, target)
    return True


async def run(url: str, metadata: MetaData, command: str, revision: str) -> None:
    """Run Alembic's `upgrade` or `downgrade` on the database."""
    from alembic import command as alembic

    database = Database.open(url)

    def with_connection(connection: Connection) -> None:
        config = _config(metadata)
        config.attributes["connection"] = connection
        getattr(alembic, command)(config, revision)

    try:
        with translated():
            async with database.engine.connect() as connection:
                await connection.execution_options(diarist_write=True)
                await connection.run_sync(with_connection)
                await connection.commit()
    finally:
        await database.close()


def _locked_upgrade(url: str, metadata: MetaData, lock: Path, revision: str) -> None:
    with FileLock(lock):
        asyncio.run(run(url, metadata, "upgrade", revision))


def _config(metadata: MetaData) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["metadata"] = metadata
    return config


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
