"""Pages of a table in one of several orders, continued behind a row; pure but for the statement that it puts together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])

CREATED = "created_at"
"""The order in which things were made: that of their ids, which carry the moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: in which order, and behind which row."""

    by: str = CREATED
    """What it is ordered by; what is equal in it, by id."""
    descending: bool = True
    after: UUID | None = None
    """The last row of the page before; None for the first page."""
    value: datetime | None = None
    """What that row is ordered by, unless it is its id."""


FIRST = Place()
"""The newest first, from the beginning."""


def ordered(
    statement: Statement, place: Place, identifier: InstrumentedAttribute[UUID], moment: ColumnElement[datetime] | None = None
) -> Statement:
    """The statement's rows in the order of a place, behind it. `moment`: what is ordered by, unless it is the id."""
    columns: list[ColumnElement[Any]] = [identifier.expression] if moment is None else [moment, identifier.expression]
    if place.after is not None:
        behind = _behind(identifier.expression, place.after, place)
        if moment is not None:
            # Not as one comparison of pairs, nor as an "or" alone: so an index is entered at its place on every database.
            reached = moment <= place.value if place.descending else moment >= place.value
            behind = and_(reached, or_(_behind(moment, place.value, place), behind))
        statement = statement.where(behind)
    return statement.order_by(*(column.desc() if place.descending else column.asc() for column in columns))


def _behind(column: ColumnElement[Any], value: object, place: Place) -> ColumnElement[bool]:
    return column < value if place.descending else column > value
