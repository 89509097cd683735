"""Counts the bytes that accounts send and are sent, and writes the sums down now and then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, ForeignKey, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, utc_now
from diarist.database.gathering import Gathering
from diarist.database.session import Database
from diarist.errors import DiaristError

_GATHERED = 30.0
"""Seconds in which bytes are gathered; what was not written down when a process is killed is never counted."""

log = structlog.get_logger(__name__)


class TrafficRow(Base):
    """Bodies of requests and answers of one day of UTC, as they went over the line."""

    __tablename__ = "traffic"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    bytes_in: Mapped[int] = mapped_column(BigInteger)
    bytes_out: Mapped[int] = mapped_column(BigInteger)


_TRAFFIC: Table = TrafficRow.__table__  # type: ignore[assignment]  # the declaration is of what every row can be read from


class Traffic:
    """Of one process; belongs to its event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted: dict[tuple[UUID, date], list[int]] = {}
        self._gathering = Gathering(self._write_down, _GATHERED)

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database) -> AsyncIterator[Self]:
        """At the end, what was counted is written."""
        traffic = cls(database)
        try:
            yield traffic
        finally:
            await traffic.settled()

    def moved(self, account_id: UUID, *, bytes_in: int, bytes_out: int) -> None:
        """So much was received from an account, and sent to it."""
        sums = self._counted.setdefault((account_id, utc_now().date()), [0, 0])
        sums[0] += bytes_in
        sums[1] += bytes_out
        self._gathering.came()

    async def settled(self) -> None:
        """Wait until all is written down that was counted."""
        await self._gathering.settled()

    async def _write_down(self) -> bool:
        counted, self._counted = self._counted, {}
        try:
            async with self._database.write() as session:
                await add_traffic(session, counted)
        except DiaristError as error:
            log.warning("traffic.not_noted", error=error.code)
        return bool(self._counted)


async def add_traffic(session: AsyncSession, counted: Mapping[tuple[UUID, date], list[int]]) -> None:
    """Add bytes in and out to the sums of accounts and days; always in the same order, so that no two wait for each other."""
    rows = [
        {"of_account_id": account_id, "on": day, "in": sums[0], "out": sums[1]}
        for (account_id, day), sums in sorted(counted.items(), key=lambda one: (one[0][0].int, one[0][1]))
    ]
    for row in rows:
        await session.execute(_add(session.get_bind().dialect.name), row)


@cache
def _add(dialect: str) -> Any:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(_TRAFFIC).values(
        account_id=bindparam("of_account_id"), day=bindparam("on"), bytes_in=bindparam("in"), bytes_out=bindparam("out")
    )
    sums = {name: _TRAFFIC.c[name] + statement.excluded[name] for name in ("bytes_in", "bytes_out")}
    return statement.on_conflict_do_update(index_elements=["account_id", "day"], set_=sums)
