"""What `diarist follow`, and `retry` after it, do at a server: they watch jobs until those have ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from diarist.cli.board import Board
from diarist.cli.followed import Teller
from diarist.cli.interruption import run
from diarist.cli.outcome import Final
from diarist.cli.remote.connecting import connected
from diarist.cli.remote.finding import MOST, find
from diarist.cli.remote.watching import Watching
from diarist.cli.reporting import Interrupted
from diarist.cli.terminal import messages
from diarist.client import AsyncClient


def follow_jobs(typed: str | None, *, as_json: bool) -> int:
    """Follow what is meant, or all that is unfinished; returns the exit status."""

    async def meant(diarist: AsyncClient) -> list[UUID]:
        if typed is not None:
            return [(await find(diarist, typed)).job_id]
        return [job.id async for job in diarist.jobs.list(page_size=MOST) if not job.ended]

    teller = Teller(as_json=as_json)
    return teller.ended(watched(meant, teller))


def watched(meant: Callable[[AsyncClient], Awaitable[Sequence[UUID]]], teller: Teller) -> dict[UUID, Final]:
    """What has come of the jobs that are meant, the oldest first."""

    async def work() -> dict[UUID, Final]:
        async with connected() as diarist:
            job_ids = sorted(await meant(diarist))
            with Board() as board:
                watching = Watching(diarist, board, lambda update, recording: teller.moved(update, recording.id))
                return await watching.all_of(job_ids)

    try:
        return run(work())
    except Interrupted:
        messages().print("Stopped watching. The server goes on with the work; `diarist follow` shows how far it is.")
        raise
