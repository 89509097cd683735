"""What `diarist follow` does on this machine's own data: it looks at the jobs of whoever works, and works on none itself."""

from __future__ import annotations

import asyncio
from uuid import UUID

from diarist.cli.attendance import say_if_unattended
from diarist.cli.board import Board
from diarist.cli.finding import find
from diarist.cli.followed import Teller
from diarist.cli.interruption import run
from diarist.cli.opening import Here, opened, settings_in_force
from diarist.cli.outcome import Final
from diarist.cli.reporting import Interrupted
from diarist.cli.terminal import messages
from diarist.cli.waiting import POLL, Result, Wait, look
from diarist.client import JobUpdate
from diarist.errors import NotFound
from diarist.jobs.repository import find_jobs, list_unfinished


def follow_jobs(typed: str | None, *, as_json: bool) -> int:
    """Follow what is meant, or all that is unfinished; returns the exit status."""
    settings, teller, wait = settings_in_force(), Teller(as_json=as_json), Wait()
    asked: list[UUID] = []

    async def work() -> None:
        with Board() as board:
            async with opened(settings) as here:
                asked.extend(await _meant(here, typed))
                wait.pending.update(asked)
                async with here.runtime.database.read() as session:
                    say_if_unattended(settings, await find_jobs(session, here.account_id, asked))
                await _follow(here, wait, board, teller)

    try:
        run(work())
    except Interrupted:
        messages().print("Stopped watching; the work is not touched by that.")
        raise
    return teller.ended({job_id: _final(wait.results.get(job_id)) for job_id in sorted(asked)})


async def _meant(here: Here, typed: str | None) -> list[UUID]:
    if typed is not None:
        return [(await find(here, typed)).job_id]
    async with here.runtime.database.read() as session:
        return [job.id for job in await list_unfinished(session, here.account_id)]


async def _follow(here: Here, wait: Wait, board: Board, teller: Teller) -> None:
    while wait.pending:
        for result in (await look(here, wait, board)).values():
            teller.moved(update_of(result), result.recording.id)
        if wait.pending:
            await asyncio.sleep(POLL)


def update_of(result: Result) -> JobUpdate:
    """How far a job is that was looked at here."""
    progress = result.view.progress
    return JobUpdate(
        job_id=result.job.id, state=result.job.state, stage=progress.stage, fraction=round(progress.fraction, 4),
        seconds_done=round(progress.seconds_done, 3), seconds_total=result.recording.best_duration, speed=progress.speed,
        eta=progress.eta, live=True,
    )  # fmt: skip


def _final(result: Result | None) -> Final:
    return result.seen if result else NotFound("it was deleted before it was done")
