"""A copy of the database that follows the primary at some distance, and serves whoever can bear that."""

from __future__ import annotations

import re
import time
from typing import NewType

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from diarist.database.faults import translated
from diarist.database.transaction import Transaction
from diarist.errors import DatabaseUnavailable, InvalidInput

Position = NewType("Position", str)
"""How far the primary's log had been written, as PostgreSQL prints a `pg_lsn`: `16/B374D848`."""

_POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
_PAUSE = 5.0
"""Seconds in which a replica that is away is not asked again."""
# NULL on a server that follows nobody: such a one is never asked.
_REPLAYED = text("SELECT pg_last_wal_replay_lsn() >= CAST(:position AS pg_lsn)")
_BEGINNING = Position("0/0")

log = structlog.get_logger(__name__)


def position(value: str) -> Position:
    """A position that came from outside; raises `InvalidInput`."""
    if not _POSITION.fullmatch(value):
        raise InvalidInput("this is not a position in the database's log")
    return Position(value)


class Replica:
    """The pool of a replica, and whether it can be asked."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._away_until = 0.0

    async def connected(self, written_at: Position | None) -> AsyncConnection | None:
        """A connection that sees all that was written up to a position; None when the primary has to be asked instead."""
        if time.monotonic() < self._away_until:
            return None
        try:
            with translated():
                connection = await self.engine.connect()
                try:
                    if await _has(connection, written_at or _BEGINNING):
                        return connection
                except BaseException:
                    await connection.close()
                    raise
                await connection.close()
        except DatabaseUnavailable as error:
            self._away_until = time.monotonic() + _PAUSE
            log.warning("replica.away", reason=error.message)
        return None


async def _has(connection: AsyncConnection, written_at: Position) -> bool:
    # Outside of the transaction that will read: its view begins with its first statement, and would be older than the answer.
    await connection.execution_options(**Transaction.NONE.option)
    replayed = bool(await connection.scalar(_REPLAYED, {"position": written_at}))
    await connection.rollback()
    await connection.execution_options(**Transaction.READ.option)
    return replayed
