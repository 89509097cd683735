"""What one stream tells, from its first message to its last: what was missed, then what happens, without a hole between them."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from diarist.domain.events import ENDS
from diarist.domain.job import UNFINISHED
from diarist.events import reading
from diarist.jobs.repository import get_job
from diarist.live.feed import Feed
from diarist.live.listener import Listener
from diarist.live.progress import progress_of
from diarist.live.told import MISSED, OPENED, Told, told, told_from_row

LONGEST = (600.0, 900.0)
"""Seconds after which a stream ends, and its reader comes back: its key may have been revoked, the server replaced."""


class Following:
    """Follows an account, or one job of it until that has ended."""

    def __init__(
        self, feed: Feed, account_id: UUID, *, job_id: UUID | None, after: int | None, seconds: float | None = None
    ) -> None:
        """`after`: the position that the reader has come to; None for one that begins. `seconds`: how long it goes on."""
        self._feed, self._runtime = feed, feed.runtime
        self._account_id, self._job_id, self._after = account_id, job_id, after
        self._listener: Listener | None = None
        longest = random.uniform(*LONGEST)  # noqa: S311 - spreads load, protects nothing
        self._until = time.monotonic() + (longest if seconds is None else seconds)

    @contextmanager
    def listening(self, on_overrun: Callable[[], None]) -> Iterator[None]:
        """Listen; from now on nothing is missed, and it can be iterated. Raises `TooManyStreams`."""
        with self._feed.listening(self._account_id, self._job_id, on_overrun) as self._listener:
            yield

    def stop(self) -> None:
        """End the stream after what is there."""
        if self._listener is not None:
            self._listener.close()

    @property
    def expired(self) -> bool:
        """Whether its reader should come back."""
        return time.monotonic() >= self._until

    async def __aiter__(self) -> AsyncIterator[list[Told]]:
        """Messages as they come; an empty list for a heartbeat."""
        assert self._listener is not None  # noqa: S101 - it is iterated only while it listens
        listener, heartbeat = self._listener, self._runtime.settings.events.heartbeat
        async for messages in self._before(listener.since):
            yield messages
        if self._job_id is not None and not await self._goes_on():
            # How it ended may still be on its way.
            await self._feed.caught_up()
            listener.close()
        over = False
        while not over:
            rest = self._until - time.monotonic()
            if rest <= 0:
                listener.close()
            messages = await listener.read(max(0.0, min(heartbeat, rest)))
            over = listener.closed and not messages
            if self._job_id is not None and any(message.kind in ENDS for message in messages):
                listener.close()
            if not over:
                yield messages

    async def _before(self, since: int) -> AsyncIterator[list[Told]]:
        """What the reader has missed up to `since`, and how far its job is."""
        database, begin = self._runtime.database, since if self._after is None else self._after
        yield [told(OPENED, {}, position=begin)]
        if begin != since:
            log = await reading.standing(database)
            if begin > log.placed or begin < log.swept:
                # A position of another log, or what was there is not kept any more.
                begin = since if begin > log.placed else log.swept
                yield [told(MISSED, {}, position=begin)]
        while begin < since:
            rows = await reading.read(database, self._account_id, after=begin, until=since, job_id=self._job_id)
            if rows:
                yield [told_from_row(row) for row in rows]
            begin = since if len(rows) < reading.AT_ONCE else rows[-1].position or since
        if self._job_id is not None:
            yield list(await progress_of(self._runtime, self._account_id, [self._job_id]))

    async def _goes_on(self) -> bool:
        """Whether the job will do anything by itself."""
        assert self._job_id is not None  # noqa: S101 - asked only of a job
        async with self._runtime.database.look() as session:
            return (await get_job(session, self._account_id, self._job_id)).state in UNFINISHED


async def nothing_is_left(feed: Feed, account_id: UUID, job_id: UUID, after: int) -> bool:
    """Whether a job has ended, and whoever has come to `after` knows all of it; the feed is `ready`. Raises `NotFound`."""
    database = feed.runtime.database
    async with database.look() as session:
        job = await get_job(session, account_id, job_id)
    if job.state in UNFINISHED:
        return False
    await feed.caught_up()
    return not await reading.read(database, account_id, after=after, job_id=job_id, limit=1)
