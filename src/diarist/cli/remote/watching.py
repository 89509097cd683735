"""Watches jobs at a server until they have ended, all at once, and sees what has come of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from uuid import UUID

from diarist.cli.board import Board
from diarist.cli.outcome import Final
from diarist.cli.seen import Seen
from diarist.cli.terminal import messages, safe
from diarist.client import AsyncClient, Entry, JobUpdate, Recording
from diarist.errors import DiaristError, NotFound
from diarist.jobs.progress import Progress

OnUpdate = Callable[[JobUpdate, Recording], None]


class Watching:
    """Shows how far jobs are on a board; says once when that cannot be told live."""

    def __init__(self, diarist: AsyncClient, board: Board, on_update: OnUpdate = lambda *_: None) -> None:
        self._diarist, self._board, self._on_update = diarist, board, on_update
        self._said = False

    async def until_ended(self, job_id: UUID) -> Seen:
        """What has come of a job; raises `NotFound` when it was deleted."""
        job = await self._diarist.jobs.get(job_id)
        recording = await self._diarist.recordings.get(job.recording_id)
        try:
            async for update in self._diarist.jobs.follow(job_id):
                self._show(update, recording)
        finally:
            self._board.ended(job_id)
        return await self.look(job_id)

    async def look(self, job_id: UUID) -> Seen:
        """A job as it is now."""
        job = await self._diarist.jobs.get(job_id)
        recording = await self._diarist.recordings.get(job.recording_id)
        return Seen(recording, job, await entry_of(self._diarist, job.recording_id))

    async def all_of(self, job_ids: Iterable[UUID]) -> dict[UUID, Final]:
        """The same for several, each until its own end."""
        known = list(dict.fromkeys(job_ids))
        found = await asyncio.gather(*(self._outcome(job_id) for job_id in known))
        return dict(zip(known, found, strict=True))

    async def _outcome(self, job_id: UUID) -> Final:
        try:
            return await self.until_ended(job_id)
        except DiaristError as error:
            return error

    def _show(self, update: JobUpdate, recording: Recording) -> None:
        if not update.live and not self._said:
            self._said = True
            messages().print(
                f"The server does not tell live how far it is ({safe(update.why_not_live)}); it is asked from time to time."
            )
        progress = Progress(
            stage=update.stage, fraction=update.fraction, seconds_done=update.seconds_done, speed=update.speed, eta=update.eta
        )
        if update.stage is not None or not update.ended:
            self._board.working(update.job_id, recording.filename, progress)
        self._on_update(update, recording)


async def entry_of(diarist: AsyncClient, recording_id: UUID) -> Entry | None:
    """The newest entry, if there is one."""
    try:
        return await diarist.entries.latest(recording_id)
    except NotFound:
        return None
