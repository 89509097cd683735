"""Re-encodes originals that are old enough, as their accounts want it; a kill at any moment leaves one good copy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, exists, not_, select, update

from diarist.accounts.models import AccountRow
from diarist.audio.process import AudioProcess
from diarist.database.base import utc_now
from diarist.database.turns import end_turn, take_turn
from diarist.domain.archive import ArchiveFormat, Copied, Kept
from diarist.domain.job import UNFINISHED
from diarist.errors import EngineFailed, InvalidInput, NotFound
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.storage.blobs import PIECE_BYTES
from diarist.storage.scratch import Scratch

REST = 600.0
"""Seconds between looks when nothing was left to do."""
READERS = timedelta(hours=1)
"""How long an original stays after its copy has taken its place: somebody may be listening to it, or working on it."""
_LEASE = 3600.0
_NAME = "archive"
_MANY = 20

log = structlog.get_logger(__name__)


async def archive_next(runtime: Runtime) -> RecordingRow | None:
    """Take one recording that is due, if it is our turn; returns it, also when its original turned out to be better kept."""
    if await take_turn(runtime.database, _NAME, _LEASE) is None:
        return None
    found = None
    try:
        await _delete_superseded(runtime)
        found = await _due(runtime)
        if found:
            await _archive(runtime, *found)
    finally:
        await end_turn(runtime.database, _NAME, "", rest=0.0 if found else REST)
    return found[0] if found else None


async def _due(runtime: Runtime) -> tuple[RecordingRow, ArchiveFormat] | None:
    """The oldest recording of an account that wants it, which nobody works on and whose length is known."""
    async with runtime.database.read() as session:
        accounts = await session.scalars(select(AccountRow).where(AccountRow.archive_format != ArchiveFormat.KEEP))
        for account in accounts.all():
            before = utc_now() - timedelta(days=account.archive_after_days)
            statement = select(RecordingRow).where(
                RecordingRow.account_id == account.id, RecordingRow.archived_at.is_(None), RecordingRow.duration.is_not(None),
                RecordingRow.created_at < before, not_(_worked_on()),
            )  # fmt: skip
            recording = await session.scalar(statement.order_by(RecordingRow.created_at).limit(1))
            if recording:
                return recording, account.archive_format
    return None


async def _archive(runtime: Runtime, recording: RecordingRow, kind: ArchiveFormat) -> None:
    audio = AudioProcess()
    try:
        with Scratch(runtime.settings.scratch_dir).file(recording.size_bytes) as (target, _):
            async with runtime.blobs.local_path(recording.blob_key) as path:
                outcome = await audio.copy(path, target, kind, recording.duration or 0.0)
            if isinstance(outcome, Copied):
                key = f"{recording.blob_prefix}/archived.{kind.value}"
                await runtime.blobs.put(key, _pieces(target))
                await _switch(runtime, recording, key, kind, outcome)
                return
    except (InvalidInput, EngineFailed, NotFound) as error:
        outcome = Kept(reason=error.message)
    finally:
        await audio.close()
    log.info("archive.original_kept", recording_id=str(recording.id), reason=outcome.reason)
    await _settle(runtime, recording.id)


async def _switch(runtime: Runtime, recording: RecordingRow, key: str, kind: ArchiveFormat, copied: Copied) -> None:
    """Only now does the copy count; until this commits the original is the one that rows name."""
    switched = await _settle(
        runtime, recording.id, blob_key=key, archived_format=kind, superseded_key=recording.blob_key,
        original_size_bytes=recording.size_bytes, size_bytes=copied.size_bytes, container=copied.container, codec=copied.codec,
        sample_rate=copied.sample_rate, channels=copied.channels,
    )  # fmt: skip
    if switched:
        log.info("archive.copied", recording_id=str(recording.id), saved_bytes=recording.size_bytes - copied.size_bytes)
        return
    # It was deleted meanwhile, or work on it began; then the copy goes.
    await runtime.blobs.delete(key)


async def _settle(runtime: Runtime, recording_id: UUID, **values: object) -> bool:
    async with runtime.database.write() as session:
        statement = (
            update(RecordingRow)
            .where(RecordingRow.id == recording_id, RecordingRow.archived_at.is_(None), not_(_worked_on()))
            .values(archived_at=utc_now(), **values)
            .returning(RecordingRow.id)
        )
        return await session.scalar(statement) is not None


async def _delete_superseded(runtime: Runtime) -> None:
    """Delete originals whose copies have counted for long enough; the key is forgotten last, so that a crash loses nothing."""
    statement = select(RecordingRow.id, RecordingRow.superseded_key).where(
        RecordingRow.superseded_key.is_not(None), RecordingRow.archived_at < utc_now() - READERS
    )
    async with runtime.database.read() as session:
        rows = (await session.execute(statement.limit(_MANY))).all()
    for recording_id, key in rows:
        await runtime.blobs.delete(str(key))
        async with runtime.database.write() as session:
            await session.execute(update(RecordingRow).where(RecordingRow.id == recording_id).values(superseded_key=None))


def _worked_on() -> ColumnElement[bool]:
    return exists().where(JobRow.recording_id == RecordingRow.id, JobRow.state.in_(UNFINISHED))


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
