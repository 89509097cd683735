"""Whether this program can work on a database as it is, while programs of several versions run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.revisions import OURS, History, Phase
from diarist.database.session import Database
from diarist.errors import DatabaseUnavailable, Misconfigured

_TABLE = "alembic_version"

log = structlog.get_logger(__name__)


async def require_compatible(session: AsyncSession, history: History = OURS) -> None:
    """Raise `Misconfigured`, with what to do, unless this program can work on the database.

    It can where only `post` revisions are missing. It can where the database is newer, too, as long as nothing was taken
    away since: what that takes, the database says itself, for an old program knows nothing of later revisions.
    """
    found, oldest = await (await session.connection()).run_sync(_standing)
    if found is not None and found > history.head():
        if session.get_bind().dialect.name == "sqlite" or (oldest or "") > history.head():
            raise Misconfigured(
                f"the database is at revision {found}, but this version of Diarist only knows {history.head()}",
                advice="It was written by a newer Diarist. Install that version again; nothing was changed.",
            )
        return
    needed = [one.id for one in history.after(found) if one.phase is Phase.PRE]
    if needed or found is None:
        raise Misconfigured(
            f"the database is at revision {found or 'none'}, this program needs {max(needed)}",
            advice="Run `diarist db upgrade`, or `diarist db upgrade --phase pre` while older programs run.",
        )


async def until_compatible(database: Database, interval: float = 2.0) -> None:
    """Wait until this program can work on the database; for workers, who must not begin before."""
    while True:
        try:
            async with database.read() as session:
                await require_compatible(session)
        except (Misconfigured, DatabaseUnavailable) as error:
            log.warning("database.not_ready", reason=error.message, advice=error.advice)
        else:
            return
        await asyncio.sleep(interval)


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at, None for an empty one."""
    if not inspect(connection).has_table(_TABLE):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def keep_floor(connection: Connection, history: History, at: Collection[str]) -> None:
    """After each revision: note beside it which programs can work on the database from now on.

    Only PostgreSQL has programs of several versions at once.
    """
    if connection.dialect.name == "postgresql" and at:
        connection.execute(text("ALTER TABLE alembic_version ADD COLUMN IF NOT EXISTS oldest_program varchar(32)"))
        connection.execute(text("UPDATE alembic_version SET oldest_program = :floor"), {"floor": history.floor(max(at))})


def _standing(connection: Connection) -> tuple[str | None, str | None]:
    found = revision_of(connection)
    if found is None or "oldest_program" not in {column["name"] for column in inspect(connection).get_columns(_TABLE)}:
        return found, None
    return found, connection.scalar(text("SELECT oldest_program FROM alembic_version"))
