"""Sees jobs through to their end: works in this process if nobody else does, otherwise watches whoever works."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.cli.attendance import how_to_go_on
from diarist.cli.board import Board
from diarist.cli.interruption import Interruption
from diarist.cli.opening import SERVICE, Here, opened
from diarist.cli.reporting import Interrupted
from diarist.cli.seen import Seen, entry_of, job_of, recording_of
from diarist.cli.terminal import messages
from diarist.database.base import utc_now
from diarist.diary.models import EntryRow
from diarist.diary.repository import latest_entries
from diarist.domain.job import UNFINISHED, JobState
from diarist.jobs.models import JobRow
from diarist.jobs.repository import find_jobs, list_unfinished
from diarist.jobs.service import JobView, view_jobs
from diarist.queue.ledger import Ring
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import find_recordings
from diarist.services.embedded_workers import AlreadyWorking, embedded_workers, working_process
from diarist.settings import Settings
from diarist.telemetry.opening import open_tracing
from diarist.wiring import prepare

POLL = 0.25
"""Seconds between two looks at the database."""
PATIENCE = 3.0
"""Seconds without progress after which it is checked whether anybody still works."""


@dataclass(frozen=True, slots=True)
class Result:
    """A job as it was last seen, and what it has made."""

    view: JobView
    recording: RecordingRow
    entry: EntryRow | None

    @property
    def seen(self) -> Seen:
        """As it is told."""
        return Seen(recording_of(self.recording, self.job), job_of(self.view), entry_of(self.entry))

    @property
    def job(self) -> JobRow:
        """The job itself."""
        return self.view.job

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.job.state not in UNFINISHED


@dataclass(slots=True)
class Wait:
    """The jobs that a command waits for; outlives the event loops in which it is told of them."""

    since: datetime = field(default_factory=utc_now)
    pending: set[UUID] = field(default_factory=set)
    results: dict[UUID, Result] = field(default_factory=dict)
    """By job, of those that are not pending any more; a job that was deleted meanwhile has none."""
    others: Sequence[JobRow] = ()
    """Jobs that nobody waited for, and that are unfinished at the end."""


Begin = Callable[[Here, Board, Wait], Awaitable[None]]
"""Starts the work that is then waited for."""


def see_through(settings: Settings, interruption: Interruption, begin: Begin, wait: Wait) -> None:
    """Begin, then return when no job is pending; raises `Interrupted` once running tasks are given back and that was said."""
    interruption.run(prepare(settings))
    first: Begin | None = begin
    try:
        while first or wait.pending:
            with open_tracing(settings.telemetry, SERVICE), workers(settings) as ring, Board() as board:
                interruption.run(_turn(settings, ring, first, wait, board))
            first = None
    except Interrupted:
        if wait.pending:
            messages().print(how_to_go_on(settings))
        raise


async def begin_without_waiting(settings: Settings, begin: Begin, wait: Wait) -> None:
    """Begin, and leave the work to others; the results are what there is at once."""
    with Board() as board:
        async with opened(settings) as here:
            await begin(here, board, wait)
            async with here.runtime.database.read() as session:
                jobs = await find_jobs(session, here.account_id, wait.pending)
                wait.results = await _read(here, session, jobs)
    wait.pending.clear()


@contextmanager
def workers(settings: Settings) -> Iterator[Ring | None]:
    """Workers in this process and their bell, or None where another process works."""
    with ExitStack() as stack:
        try:
            ring = stack.enter_context(embedded_workers(settings))
        except AlreadyWorking:
            ring = None
        yield ring


async def _turn(settings: Settings, ring: Ring | None, begin: Begin | None, wait: Wait, board: Board) -> None:
    async with opened(settings, ring) as here:
        if begin:
            await begin(here, board, wait)
        await _follow(here, wait, board, elsewhere=ring is None)
        async with here.runtime.database.read() as session:
            wait.others = await list_unfinished(session, here.account_id)


async def _follow(here: Here, wait: Wait, board: Board, *, elsewhere: bool) -> None:
    """Show how far the pending jobs are until none is left, or until the process `elsewhere` that worked has gone."""
    moved_at, last = time.monotonic(), None
    while True:
        running = await look(here, wait, board)
        picture = {job_id: result.view.progress.fraction for job_id, result in running.items()}
        if not wait.pending:
            return
        if picture != last:
            moved_at, last = time.monotonic(), picture
        elif elsewhere and time.monotonic() - moved_at > PATIENCE:
            if await asyncio.to_thread(working_process, here.runtime.settings.data_dir) is None:
                return
            moved_at = time.monotonic()
        await asyncio.sleep(POLL)


async def look(here: Here, wait: Wait, board: Board) -> dict[UUID, Result]:
    """Settle the jobs that have ended and show the running ones; returns those."""
    async with here.runtime.database.read() as session:
        asked = frozenset(wait.pending)  # more may be waited for by the time of the answer
        jobs = await find_jobs(session, here.account_id, asked)
        seen = await _read(here, session, [job for job in jobs if job.state is not JobState.QUEUED])
    gone = asked - {job.id for job in jobs}
    wait.results |= {job_id: result for job_id, result in seen.items() if result.ended}
    for job_id in gone | wait.results.keys():
        board.ended(job_id)
    wait.pending -= gone | wait.results.keys()
    running = {job_id: result for job_id, result in seen.items() if not result.ended}
    for job_id, result in running.items():
        board.working(job_id, result.recording.filename, result.view.progress)
    return running


async def _read(here: Here, session: AsyncSession, jobs: Sequence[JobRow]) -> dict[UUID, Result]:
    ids = {job.recording_id for job in jobs}
    recordings = await find_recordings(session, here.account_id, ids)
    entries = await latest_entries(session, here.account_id, ids)
    lengths = {row.id: row.best_duration for row in recordings.values()}
    return {
        view.job.id: Result(view, recordings[view.job.recording_id], entries.get(view.job.recording_id))
        for view in await view_jobs(here.runtime, session, jobs, lengths)
    }
