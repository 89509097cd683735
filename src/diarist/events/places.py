"""Gives events their positions: one appender at a time, after they are committed, so that positions become visible in order.

Ids do not: of two transactions the one that took its id first may commit last, and who has read up to the other's would never see
it. Whoever holds the row of `event_log` gives positions to all that is committed by then, and commits before the next one does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, func, or_, select, update

from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.events.models import EventLogRow, EventRow

AT_ONCE = 1000
"""Events that one transaction places, or takes away."""

_HELD = select(EventLogRow).with_for_update(skip_locked=True)


async def place(database: Database) -> bool:
    """Give positions to some of what has none; False when somebody else is at it."""
    async with database.write() as session:
        log = await session.scalar(_HELD)
        if log is None:
            return False
        turn = func.row_number().over(order_by=EventRow.id).label("turn")
        new = select(EventRow.id, turn).where(EventRow.position.is_(None)).order_by(EventRow.id).limit(AT_ONCE).subquery()
        placed = await session.execute(
            update(EventRow).where(EventRow.id == new.c.id).values(position=log.placed + new.c.turn),
            execution_options={"synchronize_session": False},
        )
        log.placed += cast("CursorResult[object]", placed).rowcount
        return True


async def sweep(database: Database, *, seconds: float, most: int) -> int:
    """Take away some of what is older than `seconds`, or beyond the newest `most`; returns how many."""
    async with database.write() as session:
        log = await session.scalar(_HELD)
        if log is None:
            return 0
        oldest = (
            select(EventRow.position, EventRow.at)
            .where(EventRow.position.is_not(None))
            .order_by(EventRow.position)
            .limit(AT_ONCE)
            .subquery()
        )
        due = or_(oldest.c.at < utc_now() - timedelta(seconds=seconds), oldest.c.position <= log.placed - most)
        last = await session.scalar(select(func.max(oldest.c.position)).where(due))
        if last is None:
            return 0
        swept = await session.execute(
            delete(EventRow).where(EventRow.position <= last), execution_options={"synchronize_session": False}
        )
        log.swept = last
        return cast("CursorResult[object]", swept).rowcount
