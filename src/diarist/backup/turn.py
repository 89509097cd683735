"""One backup of a system at a time: what one would clear away another might be counting on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from diarist.database.session import Database
from diarist.database.turns import hold_turn, let_turn_go
from diarist.errors import Conflict, DatabaseUnavailable

_NAME = "backup"
_LEASE = 60.0
"""Seconds after which another may begin when nothing more is heard of the one that has the turn."""
_RENEW = 10.0


class Turn:
    """The right to write to the backup store, and to clear it up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = uuid4().hex

    async def hold(self) -> None:
        """Take or keep it; asked for before each step that nobody else may be at. Raises `Conflict`."""
        if not await hold_turn(self._database, _NAME, self._holder, _LEASE):
            advice = f"Wait for it. One that was killed is out of the way after {_LEASE:g} seconds."
            raise Conflict("another backup of this system is under way", advice=advice)

    async def keep(self) -> None:
        """Hold it again and again, until cancelled; while the database is away nobody else can take it either."""
        while True:
            await asyncio.sleep(_RENEW)
            with suppress(DatabaseUnavailable, Conflict):
                await self.hold()

    async def let_go(self) -> None:
        """For the next one."""
        with suppress(DatabaseUnavailable):
            await let_turn_go(self._database, _NAME, self._holder)


@asynccontextmanager
async def taken_turn(database: Database) -> AsyncIterator[Turn]:
    """Have the turn; raises `Conflict` when somebody else has it."""
    turn = Turn(database)
    await turn.hold()
    keeping = asyncio.create_task(turn.keep())
    try:
        yield turn
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        await turn.let_go()
