"""Watches a folder and follows the work on what was taken in: in this process, or in the one that works already."""

from __future__ import annotations

import asyncio
import time

from diarist.cli import outcome
from diarist.cli.attendance import how_to_go_on
from diarist.cli.board import Board
from diarist.cli.exit_codes import status_of
from diarist.cli.interruption import Interruption
from diarist.cli.opening import Here, opened
from diarist.cli.reporting import Interrupted
from diarist.cli.waiting import PATIENCE, POLL, look, workers
from diarist.cli.watching.later import Later
from diarist.cli.watching.rounds import Rounds
from diarist.errors import DiaristError, Unavailable
from diarist.jobs.repository import list_unfinished
from diarist.queue.ledger import Ring
from diarist.services.embedded_workers import working_process
from diarist.settings import Settings
from diarist.wiring import prepare

_WELL = 60.0
"""Seconds after which what was away counts as having come back."""


def follow(settings: Settings, interruption: Interruption, rounds: Rounds) -> int:
    """Watch until told to stop, or, once, until all is done; returns the exit status. Raises `Interrupted`.

    A database that is away is waited for.
    """
    later, over = Later(), False
    try:
        while not over:
            began = time.monotonic()
            try:
                interruption.run(prepare(settings))
                with workers(settings) as ring, Board() as board:
                    over = interruption.run(_turn(settings, ring, rounds, board))
            except Unavailable as error:
                if rounds.once:
                    raise
                if time.monotonic() - began > _WELL:
                    later.worked(Unavailable)
                seconds, is_new = later.put_off(Unavailable, error.code, time.monotonic())
                if is_new:
                    rounds.teller.later(rounds.places.folder, error, seconds)
                interruption.run(asyncio.sleep(seconds))
    except Interrupted:
        again = "Stopped. Nothing is lost: the same command goes on where it stopped."
        rounds.teller.stopped(how_to_go_on(settings) if rounds.wait.pending else again)
        raise
    except DiaristError as error:
        rounds.teller.failed(error)
        return status_of(type(error))
    return rounds.status


async def _turn(settings: Settings, ring: Ring | None, rounds: Rounds, board: Board) -> bool:
    """Whether all is done; otherwise the process that worked has gone, and this one may take its place."""
    async with opened(settings, ring) as here:
        if ring is not None:
            async with here.runtime.database.read() as session:
                rounds.wait.pending.update(job.id for job in await list_unfinished(session, here.account_id))
        looking = asyncio.create_task(rounds.go(here, board))
        try:
            await _until_done(here, rounds, board, looking, elsewhere=ring is None)
            if looking.done():
                await looking
            return looking.done() and not rounds.wait.pending
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


async def _until_done(here: Here, rounds: Rounds, board: Board, looking: asyncio.Task[None], *, elsewhere: bool) -> None:
    wait, asked_at = rounds.wait, time.monotonic()
    while True:
        if wait.pending:
            await look(here, wait, board)
            while wait.results:  # kept by nobody: this may go on for months
                _, result = wait.results.popitem()
                rounds.status = rounds.status or outcome.status_of(result.seen)
                rounds.teller.ended(result)
        if looking.done() and (not wait.pending or looking.exception()):
            return
        if elsewhere and time.monotonic() - asked_at > PATIENCE:
            if await asyncio.to_thread(working_process, here.runtime.settings.data_dir) is None:
                return
            asked_at = time.monotonic()
        await asyncio.sleep(POLL)
