"""Opens PostgreSQL, directly or behind a pooler such as pgbouncer that gives a transaction any connection.

Nothing outlives a transaction: no prepared statements, no settings, no locks of a session.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from diarist.database.older_programs import name_of
from diarist.database.revisions import OURS
from diarist.database.transaction import Transaction, asked_for
from diarist.errors import Misconfigured
from diarist.settings import DatabaseSettings

_IDLE_LIMIT = 10.0
"""Seconds that a transaction may do nothing: a process that is suspended must not keep its rows locked."""
_GRACE = 5.0
"""Seconds beyond `statement_timeout` after which no answer is expected any more."""


def open_postgresql(url: URL, settings: DatabaseSettings) -> AsyncEngine:
    """An engine; raises `Misconfigured` where psycopg is not installed."""
    try:
        from diarist.database.psycopg_line import Line

        engine = create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={
                "async_creator_fn": Line.opener(patience=settings.statement_timeout + _GRACE),
                # Transactions are begun below, together with their limits.
                "autocommit": True,
                # A prepared statement belongs to one connection, a pooler's transaction to any.
                "prepare_threshold": None,
                "connect_timeout": max(2, round(settings.connect_timeout)),
                "client_encoding": "utf8",
                # Whoever takes something away from the database sees by it who would miss that.
                "application_name": name_of(OURS.head()),
                # A peer that vanished without a word is noticed in about 15 seconds.
                "keepalives_idle": 5,
                "keepalives_interval": 3,
                "keepalives_count": 3,
                "tcp_user_timeout": 15_000,
            },
            use_native_hstore=False,
            pool_size=settings.pool_size,
            max_overflow=settings.pool_overflow,
            pool_timeout=settings.busy_timeout,
            pool_recycle=1800,
            # Values are kept out of errors, and so out of logs: they may be what was said.
            hide_parameters=True,
        )
    except ImportError as error:
        raise Misconfigured(
            f"PostgreSQL needs psycopg, which cannot be loaded: {error}", advice="Install it: `pip install 'diarist[fleet]'`."
        ) from error
    words = _words(settings)

    def begin(connection: Connection) -> None:
        if statement := words.get(asked_for(connection)):
            connection.exec_driver_sql(statement)

    event.listen(engine.sync_engine, "begin", begin)
    event.listen(engine.sync_engine, "checkout", _refuse_ended)
    return engine


def _refuse_ended(connection: Any, _record: object, _proxy: object) -> None:
    """Tells the pool to open a new connection instead."""
    if connection.driver_connection.was_ended:
        raise DisconnectionError


def _words(settings: DatabaseSettings) -> dict[Transaction, str]:
    """How each kind begins; in one message, so that limits cost no round trip, and end with the transaction."""
    limits = {
        "statement_timeout": settings.statement_timeout,
        "lock_timeout": settings.busy_timeout,
        "idle_in_transaction_session_timeout": _IDLE_LIMIT,
    }
    limited = _set(limits)
    return {
        Transaction.READ: f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY{limited}",
        Transaction.WRITE: f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE{limited}",
        Transaction.MIGRATE: f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE{_set(dict.fromkeys(limits, 0.0))}",
    }


def _set(limits: dict[str, float]) -> str:
    return "".join(f"; SET LOCAL {name} = {round(seconds * 1000)}" for name, seconds in limits.items())
