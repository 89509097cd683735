"""Counts statements and connections of a pool, by the events of SQLAlchemy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from diarist.telemetry.metrics.database import DatabaseMetrics, PoolFigures

_OPERATIONS = {"SELECT": "select", "WITH": "select", "INSERT": "insert", "UPDATE": "update", "DELETE": "delete", "BEGIN": "begin"}
_OTHER = "other"


def measure(engine: AsyncEngine, metrics: DatabaseMetrics, server: str) -> PoolFigures:
    """From now on; `server`: `primary` or `replica`. Who keeps what is returned keeps its connections in the figures."""

    def took(statement: str, seconds: float) -> None:
        metrics.seconds.observe(seconds, _operation(statement))

    def failed(context: ExceptionContext) -> None:
        metrics.errors.add(type(context.original_exception).__name__)

    time_statements(engine, took)
    event.listen(engine.sync_engine, "handle_error", failed)
    figures = PoolFigures(server, lambda: _connections(engine))
    metrics.pools.add(figures)
    return figures


def time_statements(engine: AsyncEngine, took: Callable[[str, float], None]) -> None:
    """Tell `took` from now on of each statement that has succeeded, and of the seconds it took."""

    def before(_connection: Connection, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:  # noqa: FBT001
        context.diarist_began = time.perf_counter()

    def after(_connection: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:  # noqa: FBT001
        took(statement, time.perf_counter() - context.diarist_began)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)


def _operation(statement: str) -> str:
    return _OPERATIONS.get(statement.lstrip()[:6].rstrip().partition(" ")[0].upper(), _OTHER)


def _connections(engine: AsyncEngine) -> tuple[int, int, int]:
    """In use, idle, and how many there may be; 0 where there is no limit."""
    pool = engine.sync_engine.pool
    if not isinstance(pool, QueuePool):
        return 0, 0, 0
    return pool.checkedout(), pool.checkedin(), pool.size() + max(0, pool._max_overflow)  # noqa: SLF001 - the library tells it nowhere else
