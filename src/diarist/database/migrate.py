"""Brings a database up to date with Alembic; the revisions travel inside the package, so that a wheel can migrate."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from filelock import FileLock
from sqlalchemy import Connection, MetaData, func, select, text

from diarist.database.compatibility import revision_of
from diarist.database.exclusive import lock_key
from diarist.database.faults import translated
from diarist.database.older_programs import PATIENCE, older_than, until_gone
from diarist.database.revisions import OURS, History, Phase, Revision
from diarist.database.session import Database
from diarist.database.transaction import Transaction
from diarist.errors import Misconfigured
from diarist.settings import DatabaseSettings

T = TypeVar("T")

_LONGEST = 6 * 3600.0
"""Seconds that one statement of a migration may take."""
_LOCK_WAIT = 10
"""Seconds that a migration waits for a table: while it waits, everybody else waits behind it."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did."""

    before: str | None
    now: str | None
    left: tuple[Revision, ...]
    """What it was told to leave for later."""


async def current(url: str) -> str | None:
    """The revision the database is at, or None when it is empty."""
    return await _on_connection(url, Transaction.READ, revision_of)


async def upgrade(
    url: str, metadata: MetaData, *, lock: Path, phase: Phase = Phase.POST, history: History = OURS, patience: float = PATIENCE
) -> Upgraded:
    """Bring the database up to date; with `Phase.PRE` only as far as older programs can bear.

    Before something is taken away on PostgreSQL, programs that would miss it have `patience` seconds to end; 0 does not look for
    them. Raises `OlderProgramsWork` when they do not.

    Any number of processes may do it at once: `lock` is the file that SQLite's queue up at, PostgreSQL's do so in the database.
    An empty database is always brought up to date, nobody works on it. Raises `Misconfigured` for a database from the future.
    """
    before = await current(url)
    if before is not None and _target(history, before, phase) == before:
        return Upgraded(before, before, history.after(before))
    if patience and before is not None and not url.startswith("sqlite"):
        await _until_nobody_misses(url, history, before, phase, patience)

    def with_connection(connection: Connection) -> Upgraded:
        _wait_for_turn(connection)
        # Somebody may have done it meanwhile.
        before = revision_of(connection)
        target = _target(history, before, phase)
        if target != before:
            _alembic(metadata, history, "upgrade", target, connection)
        return Upgraded(before, target, history.after(target))

    def locked() -> Upgraded:
        with FileLock(lock) if url.startswith("sqlite") else nullcontext():
            return asyncio.run(_on_connection(url, Transaction.MIGRATE, with_connection))

    return await asyncio.to_thread(locked)


async def run(url: str, metadata: MetaData, command: str, revision: str, history: History = OURS) -> None:
    """Run Alembic's `upgrade` or `downgrade` on the database."""
    await _on_connection(url, Transaction.MIGRATE, partial(_alembic, metadata, history, command, revision))


async def _until_nobody_misses(url: str, history: History, before: str, phase: Phase, patience: float) -> None:
    """Wait for those to end who would miss what is taken away."""
    newest = history.floor(_target(history, before, phase))
    if newest is not None and newest > before:
        look = partial(_on_connection, url, Transaction.READ, partial(older_than, revision=newest))
        await until_gone(look, newest, patience)


def _target(history: History, found: str | None, phase: Phase) -> str:
    if found is None:
        return history.head()
    if found > history.head():
        raise Misconfigured(
            f"the database is at revision {found}, but this version of Diarist only knows {history.head()}",
            advice="It was written by a newer Diarist. Install that version again; nothing was changed.",
        )
    return history.before_post(found) if phase is Phase.PRE else history.head()


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(lock_key("migration"))))
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}s'"))


def _alembic(metadata: MetaData, history: History, command: str, revision: str, connection: Connection) -> None:
    from alembic import command as alembic
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(history.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(metadata=metadata, history=history, connection=connection)
    with warnings.catch_warnings():
        # SQLite does not tell what an index of an expression is of; who makes a table anew that has one makes the index again.
        warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based index")
        getattr(alembic, command)(config, revision)


async def _on_connection(url: str, transaction: Transaction, work: Callable[[Connection], T]) -> T:
    database = Database.open(url, DatabaseSettings(statement_timeout=_LONGEST, pool_size=1, pool_overflow=10))
    try:
        with translated():
            async with database.engine.connect() as connection:
                await connection.execution_options(**transaction.option)
                done = await connection.run_sync(work)
                await connection.commit()
                return done
    finally:
        await database.close()
