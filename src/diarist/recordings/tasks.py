"""The stage `inspect`: look at the container and refuse what is not audio."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.jobs.work import Effect, TaskContext
from diarist.recordings import repository


async def inspect(context: TaskContext) -> Effect:
    """Store what the container says of itself."""
    account_id, recording_id = context.task.account_id, UUID(context.task.payload["recording_id"])
    async with context.runtime.database.look() as session:
        recording = await repository.get_recording(session, account_id, recording_id)
    async with context.runtime.blobs.local_path(recording.blob_key) as path:
        info = await context.runtime.prober.inspect(path)

    async def effect(session: AsyncSession) -> None:
        row = await repository.get_recording(session, account_id, recording_id)
        row.container, row.codec = info.container, info.codec
        row.sample_rate, row.channels = info.sample_rate, info.channels
        row.declared_duration = info.declared_duration
        row.recorded_at = row.recorded_at or info.recorded_at  # what the owner says is never overwritten

    return effect
