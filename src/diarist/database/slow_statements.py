"""Tells of statements that took long, in the trace at hand: their SQL, whose values are parameters and stay out of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from diarist.database.measuring import time_statements
from diarist.telemetry.tracing import done


def tell_slow_statements(engine: AsyncEngine, seconds: float) -> None:
    """Tell of those that take as long or longer, from now on."""
    about = {"db.system.name": engine.dialect.name}

    def tell(statement: str, took: float) -> None:
        if took >= seconds:
            done("slow statement", took, {**about, "db.query.text": statement})

    time_statements(engine, tell)
