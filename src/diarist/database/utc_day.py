"""Days of UTC: where one begins, and on which a moment lies, as every database tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


def midnight(day: date) -> datetime:
    """Where a day of UTC begins."""
    return datetime.combine(day, time(), UTC)


class utc_day(FunctionElement[str]):  # noqa: N801 - reads as the SQL function it is
    """`YYYY-MM-DD` of a column of moments."""

    type = String()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _sqlite(element: utc_day, compiler: Any, **options: Any) -> str:
    # Moments are kept as text in UTC.
    return f"date({compiler.process(element.clauses, **options)})"


@compiles(utc_day, "postgresql")
def _postgresql(element: utc_day, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
