"""Waits for the end of a job as one more listener of the feed: no connection of the database is held while it goes on."""

from __future__ import annotations

import time
from uuid import UUID

from diarist.domain.events import ENDS
from diarist.domain.job import UNFINISHED
from diarist.jobs.repository import get_job
from diarist.live.feed import Feed, TooManyStreams


class Waits:
    """Those who wait in one process."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    async def job_ended(self, account_id: UUID, job_id: UUID, seconds: float) -> bool:
        """Return when a job has ended, when so many seconds are over, or when the process ends.

        False where there is no room for one more, or the process ends already: nobody has waited then. Raises `NotFound`.
        """
        feed = self._feed
        await feed.ready()
        if feed.ending:
            return False
        until = time.monotonic() + seconds
        try:
            with feed.listening(account_id, job_id, lambda: None) as listener:
                # Listening first: between the look and the listening it might end.
                async with feed.runtime.database.look() as session:
                    ended = (await get_job(session, account_id, job_id)).state not in UNFINISHED
                while not ended and not listener.closed and (rest := until - time.monotonic()) > 0:
                    ended = any(message.kind in ENDS for message in await listener.read(rest))
        except TooManyStreams:
            return False
        return True
