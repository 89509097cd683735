"""Reads recordings; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.errors import NotFound
from diarist.recordings.models import RecordingRow


async def get_recording(session: AsyncSession, account_id: UUID, recording_id: UUID) -> RecordingRow:
    """One recording; raises `NotFound`."""
    row = await session.scalar(select(RecordingRow).where(RecordingRow.account_id == account_id, RecordingRow.id == recording_id))
    if row is None:
        raise NotFound(f"there is no recording {recording_id}")
    return row


async def find_by_hash(session: AsyncSession, account_id: UUID, sha256: str) -> RecordingRow | None:
    """The recording with these very bytes, if there is one."""
    return await session.scalar(select(RecordingRow).where(RecordingRow.account_id == account_id, RecordingRow.sha256 == sha256))


async def list_recordings(session: AsyncSession, account_id: UUID, limit: int) -> Sequence[RecordingRow]:
    """The newest recordings, newest first."""
    statement = select(RecordingRow).where(RecordingRow.account_id == account_id).order_by(RecordingRow.id.desc()).limit(limit)
    return (await session.scalars(statement)).all()
