"""How far jobs are, told to whoever listens: read for all of them together, and not more often than people look."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

import structlog

from diarist.errors import Unavailable
from diarist.failures.failure import Context, FailureKind
from diarist.jobs.repository import find_jobs
from diarist.jobs.service import view_jobs
from diarist.live.told import PROGRESS, Told, told
from diarist.recordings.repository import durations
from diarist.runtime import Runtime

PAUSE = 0.5
"""Seconds between two readings."""

log = structlog.get_logger(__name__)


class ProgressTeller:
    """Collects the jobs that have got further, and tells how far they are."""

    def __init__(self, runtime: Runtime, tell: Callable[[UUID, Told], None]) -> None:
        """`tell`: hands a message to whoever listens to the account."""
        self._runtime = runtime
        self._tell = tell
        self._moved: defaultdict[UUID, set[UUID]] = defaultdict(set)
        self._wanted = asyncio.Event()

    def moved(self, account_id: UUID, job_id: UUID) -> None:
        """A job has got further."""
        self._moved[account_id].add(job_id)
        self._wanted.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            moved, self._moved = self._moved, defaultdict(set)
            try:
                for account_id, job_ids in moved.items():
                    for message in await progress_of(self._runtime, account_id, job_ids):
                        self._tell(account_id, message)
            except Unavailable as error:
                log.warning("progress.not_told", error=error.code)
            except Exception as error:
                # Whatever it was, other jobs get further too.
                log.exception("progress.failed")
                self._runtime.failures.note(error, FailureKind.CHORE, Context(place="progress"))
            await asyncio.sleep(PAUSE)


async def progress_of(runtime: Runtime, account_id: UUID, job_ids: Collection[UUID]) -> Sequence[Told]:
    """How far these jobs of the account are; nothing of one that is not there any more."""
    async with runtime.database.read() as session:
        jobs = await find_jobs(session, account_id, job_ids)
        lengths = await durations(session, account_id, [job.recording_id for job in jobs])
        views = await view_jobs(runtime, session, jobs, lengths)
    return [
        told(
            PROGRESS,
            {
                "state": view.job.state,
                "stage": view.progress.stage,
                "fraction": round(view.progress.fraction, 4),
                "seconds_done": round(view.progress.seconds_done, 3),
                "seconds_total": lengths.get(view.job.recording_id),
                "speed": _rounded(view.progress.speed),
                "eta": _rounded(view.progress.eta),
            },
            job_id=view.job.id,
            recording_id=view.job.recording_id,
        )
        for view in views
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
