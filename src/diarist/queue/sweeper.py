"""Mends what was lost: leases of dead workers, bells that nobody heard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.exclusive import try_exclusive
from diarist.database.session import Database
from diarist.errors import Unavailable
from diarist.queue.ledger import Ledger
from diarist.queue.models import TaskRow

OnParked = Callable[[AsyncSession, Sequence[TaskRow]], Awaitable[None]]
"""Draws the consequences of parked tasks for their jobs, in the transaction that parks them."""

Held = Callable[[], Collection[UUID]]
"""The tasks that this very process works on; their leases are not judged here."""

OnError = Callable[[Exception], None]
"""Hears what has gone wrong."""

log = structlog.get_logger(__name__)


async def sweep(database: Database, ledger: Ledger, on_parked: OnParked, held: Held = frozenset) -> None:
    """One round; of any number of processes that begin one at the same time, one does it."""
    async with database.write() as session:
        if await try_exclusive(session, "sweep"):
            await on_parked(session, await ledger.expire(session, held()))
            await ledger.open_due(session)
            await ledger.ring_ready(session)


async def keep_sweeping(
    database: Database, ledger: Ledger, on_parked: OnParked, interval: float, held: Held = frozenset,
    on_error: OnError = lambda _: None,
) -> None:  # fmt: skip
    """Sweep every `interval` seconds until cancelled; a database that is away for a while only delays it."""
    while True:
        try:
            await sweep(database, ledger, on_parked, held)
        except Unavailable as error:
            log.warning("sweep.postponed", error=error.code)
            on_error(error)
        except Exception as error:
            # Whatever it was, lost bells must go on being rung again.
            log.exception("sweep.failed")
            on_error(error)
        await asyncio.sleep(interval)
