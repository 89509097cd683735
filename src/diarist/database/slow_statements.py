"""Tells of statements that took long, in the trace at hand: their SQL, whose values are parameters and stay out of it."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from diarist.telemetry.tracing import done

_BEGUN = "diarist_begun"


def tell_slow_statements(engine: AsyncEngine, seconds: float) -> None:
    """Tell of those that take as long or longer, from now on."""
    about = {"db.system.name": engine.dialect.name}

    def before(connection: Connection, *_: Any) -> None:
        connection.info[_BEGUN] = time.monotonic()

    def after(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        took = time.monotonic() - connection.info[_BEGUN]
        if took >= seconds:
            done("slow statement", took, {**about, "db.query.text": statement})

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
