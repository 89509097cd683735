"""The database's own clock, so that leases do not depend on how well hosts agree on the time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class database_now(FunctionElement[float]):  # noqa: N801 - reads as the SQL function it is
    """Seconds since 1970-01-01T00:00Z by the clock of the database; moves on within a transaction."""

    type = Double()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _sqlite(element: database_now, compiler: Any, **_: Any) -> str:  # noqa: ARG001 - given by SQLAlchemy
    # 2440587.5 is the Julian day of the Unix epoch; milliseconds are the resolution.
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now, "postgresql")
def _postgresql(element: database_now, compiler: Any, **_: Any) -> str:  # noqa: ARG001 - given by SQLAlchemy
    return "extract(epoch from clock_timestamp())::double precision"
