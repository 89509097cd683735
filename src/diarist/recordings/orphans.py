"""Bytes that no recording names: left by uploads that were killed, or by a crash in the middle of a deletion."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from diarist.database.base import made_at, utc_now
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime

SPARED = timedelta(days=1)
"""An upload may still be under way in another process for this long after it began."""

log = structlog.get_logger(__name__)


async def sweep_orphans(runtime: Runtime) -> int:
    """Delete what belongs to no recording and is older than any upload; returns how many folders went."""
    swept = 0
    for account in await runtime.blobs.folders("accounts"):
        prefix = f"accounts/{account}/recordings"
        names = set(await runtime.blobs.folders(prefix))
        async with runtime.database.read() as session:
            known = {recording_id.hex for recording_id in await session.scalars(select(RecordingRow.id))}
        for name in names - known:
            if utc_now() - made_at(UUID(hex=name)) > SPARED:
                await runtime.blobs.delete_under(f"{prefix}/{name}")
                swept += 1
    if swept:
        log.info("orphans.swept", folders=swept)
    return swept


async def forget_if_deleted(runtime: Runtime, recording: RecordingRow) -> None:
    """Delete what was written for a recording after it had been deleted."""
    async with runtime.database.read() as session:
        there = await session.scalar(select(RecordingRow.id).where(RecordingRow.id == recording.id))
    if there is None:
        await runtime.blobs.delete_under(recording.blob_prefix)
