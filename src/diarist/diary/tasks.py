"""The stage `compose`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.llm_terms import asker
from diarist.accounts.service import get_account
from diarist.database.base import utc_now
from diarist.database.session import after_commit
from diarist.diary import repository
from diarist.diary.chosen_model import NONE_CONFIGURED, require_answered
from diarist.diary.compose import COMPOSED_BY
from diarist.diary.compose import compose as compose_extractive
from diarist.diary.due_dates import dated
from diarist.diary.edits import with_edits
from diarist.diary.template_service import find_style
from diarist.diary.written.asking import DEADLINE, Clerk, Room
from diarist.diary.written.persons import PERSONS
from diarist.diary.written.style import DEFAULT, Style
from diarist.domain.diary import Entry
from diarist.domain.transcript import Transcript
from diarist.errors import ModelNotUsable, NotFound
from diarist.jobs.work import Effect, TaskContext
from diarist.llm.asking import Asker
from diarist.recordings.repository import get_recording
from diarist.runtime import Runtime
from diarist.telemetry.metrics.tasks import priority_name
from diarist.telemetry.processor import in_thread
from diarist.transcription.repository import latest_transcript, transcript_from_row

_OTHERS = 1.5
"""Times what the best model may take for a question: what is left when it does not answer is for others."""
NO_TEMPLATE = "The template was not used: entries are written by templates with a language model only, and none is configured."


async def compose(context: TaskContext) -> Effect:
    """Write the entry of the newest transcript: with a language model where one may be asked, else with none."""
    runtime, account_id, payload = context.runtime, context.task.account_id, context.task.payload
    recording_id = UUID(payload["recording_id"])
    async with runtime.database.look() as session:
        row = await latest_transcript(session, account_id, recording_id)
        if row is None:
            raise NotFound(f"the recording {recording_id} has no transcript to compose from")
        recording = await get_recording(session, account_id, recording_id)
        day = (await get_account(session, account_id)).days.day_of(recording.spoken_at)
        terms = await asker(session, account_id, runtime.settings)
        asking = replace(terms, model=payload.get("model"), job_id=context.task.job_id)
        style = await find_style(session, account_id, payload.get("template") or DEFAULT)
    asked_for = "template" in payload
    transcript = transcript_from_row(row)
    if asking.model and not runtime.router.configured:
        raise ModelNotUsable(NONE_CONFIGURED)
    if runtime.router.configured:
        entry = await written_entry(runtime, transcript, asking, style)
    else:
        # Seconds of pure computing for a long day: not on the event loop that renews leases.
        entry = await in_thread(compose_extractive, transcript)
        if asked_for:
            entry = replace(entry, notes=(*entry.notes, NO_TEMPLATE))
    entry = dated(entry, day)

    async def effect(session: AsyncSession) -> None:
        newest = await repository.latest_entry(session, account_id, recording_id)
        kept = with_edits(entry, repository.entry_from_row(newest) if newest else None)
        entry_row = await repository.add_entry(session, account_id, recording_id, row.id, context.task.job_id, kept)
        runtime.event_log.append(session, repository.created(entry_row))
        if newest is None:
            waited = (utc_now() - row.created_at).total_seconds()
            after_commit(session, partial(runtime.metrics.business.composed, priority_name(context.task.priority), waited))

    return effect


async def written_entry(runtime: Runtime, transcript: Transcript, asking: Asker, style: Style) -> Entry:
    """What language models write by a template, in its person, without storing it.

    Raises `ModelNotUsable` where one was chosen and gave none.
    """
    from diarist.diary.written.compose import compose_written
    from diarist.diary.written.retelling import retold
    from diarist.llm.masking.masker import open_masker

    card = await runtime.router.preferred(asking, input_tokens=Room.LEAST, output_tokens=Room.LEAST)
    vault = open_masker(runtime.settings).vault(asking.masking, language=transcript.language)
    clerk = Clerk(
        model=runtime.router, account=asking, vault=vault, room=Room.of(card.context_tokens if card else Room.UNKNOWN),
        at_once=card.at_once if card else 1, deadline=max(DEADLINE, card.timeout * _OTHERS if card else 0.0),
    )  # fmt: skip
    entry = await compose_written(transcript, clerk, style, strict=runtime.settings.llm.strict)
    if asking.model and entry.composed_by == COMPOSED_BY:
        require_answered(clerk, asking.model)
    person = PERSONS[style.person]
    return retold(entry, person, style.speaker) if person else entry
