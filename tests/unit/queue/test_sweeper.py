import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.session import Database
from diarist.errors import DatabaseUnavailable
from diarist.queue.ledger import Ledger
from diarist.queue.models import TaskRow
from diarist.queue.sweeper import keep_sweeping
from diarist.settings import QueueSettings


async def test_sweeping_goes_on_when_the_database_was_away_for_a_round(database: Database) -> None:
    rounds = 0
    enough = asyncio.Event()

    async def on_parked(session: AsyncSession, rows: Sequence[TaskRow]) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise DatabaseUnavailable
        enough.set()

    ledger = Ledger(database, QueueSettings(), lambda queue: None)
    met: list[Exception] = []
    sweeping = asyncio.create_task(keep_sweeping(database, ledger, on_parked, 0.01, on_error=met.append))
    async with asyncio.timeout(10):
        await enough.wait()
    assert [type(error) for error in met] == [DatabaseUnavailable]
    sweeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sweeping
