"""What `diarist retry`, `cancel` and `delete` do at a server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from diarist.cli import outcome
from diarist.cli.board import Board
from diarist.cli.interruption import run
from diarist.cli.outcome import Final
from diarist.cli.remote.connecting import connected
from diarist.cli.remote.finding import find, find_all
from diarist.cli.remote.watching import Watching
from diarist.cli.reporting import Interrupted
from diarist.cli.terminal import messages, print_json
from diarist.client import Job, Recording


def retry_jobs(ids: Sequence[str], *, stage: str | None, task_id: UUID | None, wait: bool, as_json: bool) -> int:
    """Put these back to work; returns the exit status."""
    since = datetime.now(UTC)

    async def work() -> dict[UUID, Final]:
        async with connected() as diarist:
            jobs = [
                await diarist.jobs.retry(found.job_id, stage=stage, task_id=task_id) for found in await find_all(diarist, ids)
            ]
            with Board() as board:
                watching = Watching(diarist, board)
                if wait:
                    return await watching.all_of(job.id for job in jobs)
                return {job.id: await watching.look(job.id) for job in jobs}

    try:
        found = run(work())
    except Interrupted:
        messages().print("Stopped waiting. The server goes on with the work; `diarist follow` shows how far it is.")
        raise
    if as_json:
        print_json({"jobs": [outcome.to_json(final) for final in found.values()]})
    else:
        for job_id, final in found.items():
            outcome.tell(final, since, str(job_id))
    return outcome.status_of_all(found.values())


def cancel_job(typed: str) -> Job:
    """Cancel the job that is meant."""

    async def write() -> Job:
        async with connected() as diarist:
            return await diarist.jobs.cancel((await find(diarist, typed)).job_id)

    return run(write())


def delete_recording(typed: str, ask: Callable[[str], None]) -> Recording:
    """Delete the recording that is meant; `ask` is given its name and raises when it shall stay."""

    async def look() -> Recording:
        async with connected() as diarist:
            return await diarist.recordings.get((await find(diarist, typed)).recording_id)

    async def remove(recording: Recording) -> None:
        async with connected() as diarist:
            await diarist.recordings.delete(recording.id)

    recording = run(look())
    ask(recording.filename)
    run(remove(recording))
    return recording
