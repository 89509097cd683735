"""Rules of entries: they are written anew, and edited, as new versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from diarist.accounts.llm_terms import asker
from diarist.diary import repository
from diarist.diary.chosen_model import require_usable
from diarist.diary.edits import edited
from diarist.diary.models import EntryRow
from diarist.diary.template_service import find_style
from diarist.domain.job import UNFINISHED
from diarist.errors import Conflict, NotFound
from diarist.jobs.flow import Flow, locked_job
from diarist.jobs.models import JobRow
from diarist.jobs.repository import latest_job
from diarist.recordings.repository import get_recording
from diarist.runtime import Runtime

STAGE = "compose"


async def compose_again(
    runtime: Runtime, account_id: UUID, recording_id: UUID, *, template: str | None = None, model: str | None = None
) -> JobRow:
    """Have a recording's entry written anew from its transcript; raises `NotFound`, `Conflict` or `ModelNotUsable`.

    `model`: `provider/model`, by which it is written or not at all; None for the best that may be asked.
    """
    if model is not None:
        async with runtime.database.read() as session:
            account = await asker(session, account_id, runtime.settings)
        await require_usable(runtime, replace(account, model=model), model)
    flow = Flow(runtime)
    async with runtime.database.write() as session:
        await get_recording(session, account_id, recording_id)
        if template is not None:
            await find_style(session, account_id, template)
        job = await locked_job(session, (await latest_job(session, account_id, recording_id)).id)
        if job.state in UNFINISHED:
            raise Conflict(f"the job is {job.state}; its entry comes by itself", advice="Wait until it has ended, or cancel it.")
        payload = {"recording_id": str(recording_id)} | _without_none(template=template, model=model)
        if not (await flow.carry_on(session, job) or await flow.retry_stage(session, job, STAGE)):
            raise NotFound("the recording has not come as far as an entry", advice="`diarist show` tells how far it is, and why.")
        await runtime.ledger.instruct(session, job.id, STAGE, payload)
    return job


def _without_none(**given: str | None) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


async def edit_entry(
    runtime: Runtime,
    account_id: UUID,
    entry_id: UUID,
    texts: Mapping[int, str],
    agree: Callable[[EntryRow], None] = lambda _: None,
) -> EntryRow:
    """Store the entry with other words as the next version; raises `NotFound`, `Conflict` or `InvalidInput`.

    `agree` is called with the newest version, and raises if that is not what was to be edited.
    """
    async with runtime.database.write() as session:
        row = await repository.get_entry(session, account_id, entry_id)
        newest = await repository.latest_entry(session, account_id, row.recording_id)
        if newest is not None:
            agree(newest)
        if newest is None or newest.id != row.id:
            raise Conflict("there is a newer version of this entry", advice="Read it again, and edit the newest.")
        changed = edited(repository.entry_from_row(row), texts)
        new = await repository.add_entry(session, account_id, row.recording_id, row.transcript_id, row.job_id, changed)
        runtime.event_log.append(session, repository.created(new))
    return new
