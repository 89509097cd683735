"""Lets processes take turns at long work that goes on slice by slice, and remembers where it stands."""

from __future__ import annotations

from sqlalchemy import Double, String, select
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base
from diarist.database.clock import database_now
from diarist.database.exclusive import try_exclusive
from diarist.database.session import Database


class SweepRow(Base):
    """One kind of long work."""

    __tablename__ = "sweeps"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[str] = mapped_column(String(255), default="")
    """Where the last slice ended; empty at the beginning."""
    busy_until: Mapped[float] = mapped_column(Double, default=0.0)
    """Until then somebody is at it, or nobody needs to be; by the database's clock."""


async def take_turn(database: Database, name: str, lease: float) -> str | None:
    """Where to go on, or None when it is not our turn; after `lease` seconds another may take it."""
    async with database.write() as session:
        if not await try_exclusive(session, f"turn/{name}"):
            return None
        now = await session.scalar(select(database_now())) or 0.0
        row = await session.get(SweepRow, name)
        if row is None:
            row = SweepRow(name=name, position="", busy_until=0.0)
            session.add(row)
        if row.busy_until > now:
            return None
        row.busy_until = now + lease
        return row.position


async def end_turn(database: Database, name: str, position: str, *, rest: float = 0.0) -> None:
    """Say where the next turn goes on, and that it may begin in `rest` seconds."""
    async with database.write() as session:
        now = await session.scalar(select(database_now())) or 0.0
        row = await session.get_one(SweepRow, name)
        row.position, row.busy_until = position, now + rest
