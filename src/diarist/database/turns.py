"""Lets processes take turns at long work that goes on slice by slice, and remembers where it stands."""

from __future__ import annotations

from sqlalchemy import Double, String, select
from sqlalchemy.ext.asyncio import AsyncSession
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


async def hold_turn(database: Database, name: str, holder: str, lease: float) -> bool:
    """Take the turn at something that goes on and on, or keep it; whoever has it is silent for `lease` seconds at most.

    `holder` is another for every process, and stands where other kinds of work say how far they are.
    """
    async with database.write() as session:
        if not await try_exclusive(session, f"turn/{name}"):
            return False
        now = await session.scalar(select(database_now())) or 0.0
        row = await session.get(SweepRow, name)
        if row is None:
            row = SweepRow(name=name, position=holder, busy_until=0.0)
            session.add(row)
        if row.position != holder and row.busy_until > now:
            return False
        row.position, row.busy_until = holder, now + lease
        return True


async def let_turn_go(database: Database, name: str, holder: str) -> None:
    """Let another have it at once, if `holder` has it."""
    async with database.write() as session:
        row = await session.get(SweepRow, name)
        if row is not None and row.position == holder:
            row.busy_until = 0.0


async def put_off(session: AsyncSession, name: str, seconds: float) -> None:
    """Let nobody take a turn at something for so long, and begin from its beginning then."""
    now = await session.scalar(select(database_now())) or 0.0
    await session.merge(SweepRow(name=name, position="", busy_until=now + seconds))
