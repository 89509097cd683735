"""Restores into PostgreSQL: `pg_restore` in one transaction; tables that are there are moved into another schema before."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.backup.manifest import Manifest
from diarist.backup.postgresql_programs import find_program, reaching, write_to
from diarist.backup.postgresql_snapshot import counted_rows, server_version, tables_of
from diarist.backup.settling import SPARED_FOR, holds_something, require_all_rows, settle
from diarist.backup.snapshot import System
from diarist.database.base import utc_now
from diarist.database.older_programs import connected
from diarist.errors import Conflict, Misconfigured, NotEmpty
from diarist.recordings.orphans import spare_orphans


class PostgresqlTarget:
    """A database that nobody works on; see `Target`."""

    def __init__(self, system: System, manifest: Manifest, *, replace: bool) -> None:
        self._system, self._manifest, self._replace = system, manifest, replace
        self._program = ""

    async def prepare(self) -> None:
        dumped = self._manifest.database
        async with self._system.database.write() as session:
            server = await server_version(session)
            if server < dumped.server:
                raise Misconfigured(
                    f"the backup is of PostgreSQL {dumped.server}, and the server is of {server}",
                    advice="Restore into a server that is as new; nothing was changed.",
                )
            self._program, _ = await find_program("pg_restore", self._system.programs, at_least=max(server, dumped.program))
            await self._require_alone(session)
            rows = await counted_rows(session)
            if holds_something(rows) and not self._replace:
                raise NotEmpty("the database holds recordings, keys or other things")
            if "sweeps" in rows:
                # Blobs come before the rows that name them, and a fleet may be started by accident meanwhile.
                await spare_orphans(session, SPARED_FOR)

    async def load(self, manifest: Manifest, dump: AsyncIterator[bytes]) -> str:
        aside = await self._put_aside()
        target, environment = reaching(self._system.settings.database_url)
        words = (
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-password",
            f"--dbname={target}",
        )
        try:
            await write_to(self._program, *words, environment=environment, content=dump)
        except BaseException:
            await self._put_back(aside)
            raise
        async with self._system.database.read() as session:
            require_all_rows(manifest, await counted_rows(session))
        await settle(self._system.database, manifest)
        return f"schema {aside}" if aside else ""

    async def _require_alone(self, session: AsyncSession) -> None:
        if others := sum((await (await session.connection()).run_sync(connected)).values()):
            advice = "Stop the roles (`kubectl scale --replicas=0`, `docker compose stop`, `systemctl stop`), then restore."
            raise Conflict(f"{others} connections of Diarist are open to the database", advice=advice)

    async def _put_aside(self) -> str:
        """Make room for the tables; gives the schema that has those which were there, if they held anything."""
        async with self._system.database.write() as session:
            await self._require_alone(session)
            tables = await tables_of(session)
            if not tables:
                return ""
            await session.execute(text(f"LOCK TABLE {', '.join(map(_quoted, tables))} IN ACCESS EXCLUSIVE MODE"))
            if not holds_something(await counted_rows(session)):
                await session.execute(text(f"DROP TABLE {', '.join(map(_quoted, tables))}"))
                return ""
            if not self._replace:
                raise NotEmpty("somebody has given the database something meanwhile")
            schema = f"before_restore_{utc_now():%Y%m%d_%H%M%S}"
            await session.execute(text(f"CREATE SCHEMA {_quoted(schema)}"))
            for table in tables:
                await session.execute(text(f"ALTER TABLE {_quoted(table)} SET SCHEMA {_quoted(schema)}"))
            return schema

    async def _put_back(self, schema: str) -> None:
        """Nothing of the backup is in the database: what was put aside comes back."""
        if not schema:
            return
        async with self._system.database.write() as session:
            home = await session.scalar(text("SELECT current_schema()"))
            statement = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
            for table in [*await session.scalars(statement, {"schema": schema})]:
                await session.execute(text(f"ALTER TABLE {_quoted(schema)}.{_quoted(table)} SET SCHEMA {_quoted(str(home))}"))
            await session.execute(text(f"DROP SCHEMA {_quoted(schema)}"))


def _quoted(name: str) -> str:
    """An identifier, as it stands in a statement."""
    return '"' + name.replace('"', '""') + '"'
