"""A moment of a PostgreSQL database: one transaction that stays open, whose view `pg_dump` shares."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.backup.named import Named, named, names
from diarist.backup.postgresql_programs import find_program, reaching, read_from
from diarist.backup.snapshot import System
from diarist.database.compatibility import revision_of

_WAIT = "30s"
"""How long it waits for a table that a migration holds."""


@dataclass(slots=True)
class PostgresqlSnapshot:
    """The transaction; see `Snapshot`."""

    session: AsyncSession
    url: str
    path: str
    name: str
    """Of the view, for `pg_dump`."""
    schema: str
    at: datetime
    revision: str
    server: int
    program: int
    kind: str = "postgresql"

    async def named(self) -> dict[str, Named]:
        return named(await self.session.execute(names()))

    async def rows(self) -> dict[str, int]:
        return await counted_rows(self.session)

    async def dump(self) -> AsyncGenerator[bytes, None]:
        target, environment = reaching(self.url)
        words = (
            "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--snapshot={self.name}",
            # Tables only: a whole schema would bring extensions along that only a superuser may restore.
            f'--table="{self.schema}".*', f"--lock-wait-timeout={_WAIT}", f"--dbname={target}",
        )  # fmt: skip
        async for piece in read_from(self.path, *words, environment=environment):
            yield piece


@asynccontextmanager
async def postgresql_snapshot(system: System) -> AsyncIterator[PostgresqlSnapshot]:
    """The database as it is now; raises `Misconfigured` without a `pg_dump` that is new enough."""
    async with system.database.read() as session:
        server = await server_version(session)
        path, program = await find_program("pg_dump", system.programs, at_least=server)
    async with system.database.read() as session:
        # It does nothing of its own while blobs are copied and `pg_dump` reads.
        await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        name, schema, at = (
            await session.execute(text("SELECT pg_export_snapshot(), current_schema(), statement_timestamp()"))
        ).one()
        revision = await (await session.connection()).run_sync(revision_of)
        yield PostgresqlSnapshot(session, system.settings.database_url, path, name, schema, at, revision or "", server, program)


async def server_version(session: AsyncSession) -> int:
    """PostgreSQL's major version."""
    return int(await session.scalar(text("SHOW server_version_num")) or 0) // 10_000


async def tables_of(session: AsyncSession) -> list[str]:
    """The tables of the schema that ours are in."""
    statement = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    return [*await session.scalars(text(statement))]


async def counted_rows(session: AsyncSession) -> dict[str, int]:
    """How many rows each table has."""
    # Names come from the database itself.
    return {
        table: await session.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0  # noqa: S608
        for table in await tables_of(session)
    }
