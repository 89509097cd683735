"""Mends what was lost: leases of dead workers, bells that nobody heard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.session import Database
from diarist.errors import Unavailable
from diarist.queue.ledger import Ledger
from diarist.queue.models import TaskRow

OnParked = Callable[[AsyncSession, Sequence[TaskRow]], Awaitable[None]]
"""Draws the consequences of parked tasks for their jobs, in the transaction that parks them."""

log = structlog.get_logger(__name__)


async def sweep(database: Database, ledger: Ledger, on_parked: OnParked) -> None:
    """One round; any number of processes may do it at any time."""
    async with database.write() as session:
        await on_parked(session, await ledger.expire(session))
        await ledger.ring_unrung(session)


async def keep_sweeping(database: Database, ledger: Ledger, on_parked: OnParked, interval: float) -> None:
    """Sweep every `interval` seconds until cancelled; a database that is away for a while only delays it."""
    while True:
        try:
            await sweep(database, ledger, on_parked)
        except Unavailable as error:
            log.warning("sweep.postponed", error=error.code)
        await asyncio.sleep(interval)
