"""Waits for a job: woken by events, and looking by itself, for events may be lost."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator
from uuid import UUID

from diarist.domain.events import Event, Lagged
from diarist.domain.job import UNFINISHED
from diarist.errors import StillWorking
from diarist.jobs.models import JobRow
from diarist.jobs.repository import get_job
from diarist.runtime import Runtime

_FIRST_LOOK, _LONGEST_PAUSE = 0.1, 1.0
"""Seconds between looks when no event comes; they grow by half with each."""


async def looks(runtime: Runtime, account_id: UUID, job_id: UUID, patience: float) -> AsyncGenerator[JobRow, None]:
    """The job as it is now, and again whenever something may have happened, until it has ended: that look is the last.

    `patience`: seconds. Raises `NotFound` when it is not there or is deleted, and `StillWorking` when patience is over. To be
    closed by whoever leaves early.
    """
    deadline, pause = time.monotonic() + patience, _FIRST_LOOK
    async with runtime.events.subscribe() as events:
        woken = asyncio.Event()
        listening = asyncio.create_task(_wake(events, job_id, woken))
        try:
            while True:
                async with runtime.database.look() as session:
                    job = await get_job(session, account_id, job_id)
                yield job
                if job.state not in UNFINISHED:
                    return
                left = deadline - time.monotonic()
                if left <= 0:
                    raise StillWorking(job_id, patience)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(pause, left)):
                        await woken.wait()
                woken.clear()
                pause = min(_LONGEST_PAUSE, pause * 1.5)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


async def _wake(events: AsyncIterator[Event | Lagged], job_id: UUID, woken: asyncio.Event) -> None:
    async for event in events:
        if isinstance(event, Lagged) or event.job_id == job_id:
            woken.set()
