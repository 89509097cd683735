"""The day of UTC on which a number of seconds since the epoch lies, as every database tells it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class epoch_day(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """Days since 1970-01-01 of a column of such seconds."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch_day, "sqlite")
def _sqlite(element: epoch_day, compiler: Any, **options: Any) -> str:
    # No moment of ours is before the epoch, so that cutting off is rounding down.
    return f"cast({compiler.process(element.clauses, **options)} / 86400 as integer)"


@compiles(epoch_day, "postgresql")
def _postgresql(element: epoch_day, compiler: Any, **options: Any) -> str:
    return f"floor({compiler.process(element.clauses, **options)} / 86400)::bigint"
