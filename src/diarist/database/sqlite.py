"""Opens SQLite: one file, one writer at a time, readers never wait."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from diarist.database.transaction import Transaction, asked_for

_BEGIN = {Transaction.READ: "BEGIN DEFERRED", Transaction.WRITE: "BEGIN IMMEDIATE", Transaction.MIGRATE: "BEGIN IMMEDIATE"}


def open_sqlite(url: URL, busy_timeout: float) -> AsyncEngine:
    """An engine; a writer waits for another for `busy_timeout` seconds."""
    # Values are kept out of errors, and so out of logs: they may be what was said.
    engine = create_async_engine(url, connect_args={"timeout": busy_timeout}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # pysqlite's own transaction handling starts transactions late; SQLAlchemy's "begin" event does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    kind = asked_for(connection)
    if kind is Transaction.MIGRATE:
        # Alembic alters a table by copying and dropping it, and a drop would take along all rows that refer to it.
        # Only outside of a transaction can this be changed; a migration has its connection for itself.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    if kind in _BEGIN:
        connection.exec_driver_sql(_BEGIN[kind])
