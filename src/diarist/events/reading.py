"""Reads the log: where it stands, and what is behind a position. Whoever has read up to one never misses anything before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select

from diarist.database.session import Database
from diarist.events.models import EventLogRow, EventRow

AT_ONCE = 500
"""Events that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the log begins and ends."""

    placed: int
    """The last position that was given out."""
    swept: int
    """Up to this position there is nothing any more."""
    unplaced: bool
    """Whether there is something that has no position yet."""


async def standing(database: Database) -> Standing:
    """As it is now."""
    waiting = exists().where(EventRow.position.is_(None))
    async with database.look() as session:
        row = (await session.execute(select(EventLogRow.placed, EventLogRow.swept, waiting))).one()
    return Standing(placed=row[0], swept=row[1], unplaced=bool(row[2]))


async def read_all(database: Database, after: int) -> Sequence[EventRow]:
    """The next events of all accounts."""
    statement = select(EventRow).where(EventRow.position > after).order_by(EventRow.position).limit(AT_ONCE)
    async with database.look() as session:
        return (await session.scalars(statement)).all()


async def read(
    database: Database,
    account_id: UUID,
    *,
    after: int,
    until: int | None = None,
    job_id: UUID | None = None,
    limit: int = AT_ONCE,
) -> Sequence[EventRow]:
    """The next events of an account behind `after`, up to and with `until`, if any; of one job, where it is named."""
    statement = select(EventRow).where(EventRow.account_id == account_id, EventRow.position > after)
    if until is not None:
        statement = statement.where(EventRow.position <= until)
    if job_id is not None:
        statement = statement.where(EventRow.job_id == job_id)
    async with database.look() as session:
        return (await session.scalars(statement.order_by(EventRow.position).limit(limit))).all()
