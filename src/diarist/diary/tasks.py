"""The stage `compose`."""

from __future__ import annotations

import asyncio
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.diary import repository
from diarist.diary.compose import compose as compose_entry
from diarist.errors import NotFound
from diarist.jobs.work import Effect, TaskContext
from diarist.transcription.repository import latest_transcript, transcript_from_row


async def compose(context: TaskContext) -> Effect:
    """Write the entry of the newest transcript, with the composer that needs no model."""
    account_id, recording_id = context.task.account_id, UUID(context.task.payload["recording_id"])
    async with context.runtime.database.look() as session:
        row = await latest_transcript(session, account_id, recording_id)
    if row is None:
        raise NotFound(f"the recording {recording_id} has no transcript to compose from")
    # Seconds of pure computing for a long day: not on the event loop that renews leases.
    entry = await asyncio.to_thread(compose_entry, transcript_from_row(row))

    async def effect(session: AsyncSession) -> None:
        await repository.add_entry(session, account_id, recording_id, row.id, context.task.job_id, entry)

    return effect
