"""What `diarist resume`, `retry` and `compose` do: put work back, wait for it, tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from diarist.cli import outcome
from diarist.cli.attendance import say_if_unattended, who_will_work
from diarist.cli.board import Board
from diarist.cli.finding import find, find_all
from diarist.cli.interruption import Interruption
from diarist.cli.opening import Here, settings_in_force
from diarist.cli.terminal import messages, print_json
from diarist.cli.waiting import Begin, Wait, begin_without_waiting, see_through
from diarist.diary import service
from diarist.jobs.repository import list_unfinished
from diarist.jobs.service import retry_job


def resume_jobs(ids: Sequence[str], *, as_json: bool) -> int:
    """Wait for these, or for all that is unfinished; returns the exit status."""

    async def begin(here: Here, _board: Board, wait: Wait) -> None:
        if ids:
            wait.pending.update(found.job_id for found in await find_all(here, ids))
            return
        async with here.runtime.database.read() as session:
            wait.pending.update(job.id for job in await list_unfinished(session, here.account_id))

    return _carry_on(begin, wait=True, as_json=as_json)


def retry_jobs(ids: Sequence[str], *, stage: str | None, task_id: UUID | None, wait: bool, as_json: bool) -> int:
    """Put these back to work; returns the exit status."""

    async def begin(here: Here, _board: Board, wait: Wait) -> None:
        for found in await find_all(here, ids):
            await retry_job(here.runtime, here.account_id, found.job_id, stage=stage, task_id=task_id)
            wait.pending.add(found.job_id)

    return _carry_on(begin, wait=wait, as_json=as_json)


def compose_again(typed: str, *, template: str | None, model: str | None, wait: bool, as_json: bool) -> int:
    """Have an entry written anew; returns the exit status."""

    async def begin(here: Here, _board: Board, wait: Wait) -> None:
        found = await find(here, typed)
        job = await service.compose_again(here.runtime, here.account_id, found.recording_id, template=template, model=model)
        wait.pending.add(job.id)

    return _carry_on(begin, wait=wait, as_json=as_json)


def _carry_on(begin: Begin, *, wait: bool, as_json: bool) -> int:
    settings, waited = settings_in_force(), Wait()
    with Interruption() as interruption:
        if wait:
            see_through(settings, interruption, begin, waited)
        else:
            interruption.run(begin_without_waiting(settings, begin, waited))
    found = [waited.results[job_id].seen for job_id in sorted(waited.results)]
    if as_json:
        print_json({"jobs": [seen.to_json() for seen in found]})
    else:
        for seen in found:
            outcome.tell(seen, waited.since)
        if not found:
            messages().print("Nothing is left to do.")
    if wait:
        say_if_unattended(settings, waited.others)
    else:
        messages().print(who_will_work(settings))
    return outcome.status_of_all(found)
