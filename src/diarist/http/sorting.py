"""Orders of a list, and cursors that carry theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from diarist.database.ordering import CREATED, Place
from diarist.http.errors import OrderMixed
from diarist.http.pagination import CURSOR_PATTERN, decode_cursor, encode_cursor

_ID = CURSOR_PATTERN.strip("^$")
_MOMENT = "[0-9]{17}"
"""Microseconds since 1970-01-01T00:00Z, shifted so that nothing that can be recorded is before."""
_EPOCH = datetime(1677, 1, 1, tzinfo=UTC)
_USUAL = f"-{CREATED}"


def places(*moments: str) -> Callable[..., Awaitable[Place]]:
    """The dependency of a list that can be ordered by when things were made, and by these other moments of theirs."""
    names = (CREATED, *moments)
    choices = [f"{sign}{name}" for name in names for sign in ("-", "")]
    ids = f"(-?{CREATED}\\.)?{_ID}"
    others = "".join(f"|-?{name}\\.{_MOMENT}\\.{_ID}" for name in moments)
    pattern = f"^({ids}{others})$"

    # As defaults: an annotation is looked up where nothing of this function is known.
    sorting: Any = Query(
        None,
        pattern=f"^-?({'|'.join(names)})$",
        description=f"What the list is ordered by, of {', '.join(f'`{one}`' for one in choices)}; with `-` the newest is first. "
        f"Left out, `{_USUAL}`, or as the cursor has it.",
        examples=[_USUAL],
    )
    going_on: Any = Query(None, pattern=pattern, description="`next_cursor` of the page before, which goes on in its order.")

    async def place(sort: str | None = sorting, cursor: str | None = going_on) -> Place:
        return place_of(sort, cursor)

    return place


def place_of(sort: str | None, cursor: str | None) -> Place:
    """Where the page begins; both have been checked one by one. Raises `OrderMixed`."""
    if cursor is None:
        return _order(sort or _USUAL)
    *told, last = cursor.split(".")
    place = _order(told[0] if told else _USUAL)
    if sort is not None and _order(sort) != place:
        raise OrderMixed(f"the cursor goes on in the order `{told[0] if told else _USUAL}`, not in `{sort}`")
    value = _EPOCH + timedelta(microseconds=int(told[1])) if len(told) > 1 else None
    return Place(by=place.by, descending=place.descending, after=decode_cursor(last), value=value)


def next_cursor(place: Place, last: UUID, value: datetime | None = None) -> str:
    """What goes on behind a row in the order of a place; `value`: what the row is ordered by, unless it is its id."""
    text = encode_cursor(last)
    sign = "-" if place.descending else ""
    if place.by == CREATED:
        return text if place.descending else f"{CREATED}.{text}"
    assert value is not None  # noqa: S101 - whoever orders by a moment has one
    return f"{sign}{place.by}.{(value - _EPOCH) // timedelta(microseconds=1):017d}.{text}"


def _order(sort: str) -> Place:
    return Place(by=sort.removeprefix("-"), descending=sort.startswith("-"))


ByCreation = Annotated[Place, Depends(places())]
"""Where a page begins of a list that knows no other order."""
