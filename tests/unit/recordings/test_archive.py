"""Originals that are old enough become smaller, and never nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from diarist.accounts.models import AccountRow
from diarist.audio.process import AudioProcess
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.database.turns import end_turn
from diarist.domain.archive import ArchiveFormat
from diarist.domain.job import JobState
from diarist.errors import NotFound, StorageFailed
from diarist.jobs.models import JobRow
from diarist.recordings.archive import READERS, archive_next
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import find_by_hash, get_recording
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.wiring import open_runtime
from made_audio import noise, write_audio

OLD = timedelta(days=31)


@pytest.fixture(params=["file", "memory"])
async def runtime(settings: Settings, database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Runtime]:
    blobs = Breaking.open("memory:" if request.param == "memory" else settings.storage_url, scratch=settings.scratch_dir)
    async with open_runtime(settings, None, blobs=blobs) as opened:
        yield opened


class Breaking(Blobs):
    """A store that can be told to fail after it has written."""

    broken = False

    async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:  # type: ignore[override]
        await super().put(key, content)
        if self.broken:
            raise StorageFailed


@dataclass(frozen=True)
class Given:
    id: UUID
    key: str
    data: bytes


@pytest.fixture
async def given(runtime: Runtime, account_id: UUID, tmp_path: Path) -> Given:
    """A recording of 31 days ago, planned, in an account that wants Opus after 30."""
    path = write_audio(tmp_path / "memo.wav", noise(4.0), 16_000, "pcm_s16le")
    data = await asyncio.to_thread(path.read_bytes)
    recording_id = new_id()
    key = f"accounts/{account_id.hex}/recordings/{recording_id.hex}/original"
    await runtime.blobs.put(key, data)
    async with runtime.database.write() as session:
        await session.execute(update(AccountRow).values(archive_format=ArchiveFormat.OPUS, archive_after_days=30))
        session.add(
            RecordingRow(
                id=recording_id, account_id=account_id, created_at=utc_now() - OLD, sha256="1" * 64, size_bytes=len(data),
                filename="memo.wav", blob_key=key, container="wav", codec="pcm_s16le", duration=4.0,
            )
        )  # fmt: skip
    return Given(recording_id, key, data)


async def row(runtime: Runtime, account_id: UUID, given: Given) -> RecordingRow:
    async with runtime.database.read() as session:
        return await get_recording(session, account_id, given.id)


async def change(runtime: Runtime, given: Given, **values: object) -> None:
    async with runtime.database.write() as session:
        await session.execute(update(RecordingRow).where(RecordingRow.id == given.id).values(**values))


async def again(runtime: Runtime) -> None:
    """As if the rest between two looks were over."""
    await end_turn(runtime.database, "archive", "")
    await archive_next(runtime)


async def test_an_old_original_becomes_smaller_and_is_deleted_later(runtime: Runtime, account_id: UUID, given: Given) -> None:
    done = await archive_next(runtime)
    assert done is not None
    after = await row(runtime, account_id, given)
    assert after.blob_key == after.blob_prefix + "/archived.opus"
    assert (after.container, after.codec, after.archived_format) == ("ogg", "opus", ArchiveFormat.OPUS)
    assert (after.audio_filename, after.audio_tag) == ("memo.opus", "1" * 64 + "-opus")
    assert after.size_bytes == await runtime.blobs.size(after.blob_key) < (after.original_size_bytes or 0) == len(given.data)
    assert await runtime.blobs.get(given.key) == given.data
    audio = AudioProcess()
    async with runtime.blobs.local_path(after.blob_key) as path:
        assert (await audio.inspect(path)).codec == "opus"
    await audio.close()
    await change(runtime, given, archived_at=utc_now() - READERS - timedelta(seconds=1))
    await again(runtime)
    with pytest.raises(NotFound):
        await runtime.blobs.get(given.key)
    assert (await row(runtime, account_id, given)).superseded_key is None
    assert await runtime.blobs.size(after.blob_key) == after.size_bytes


async def test_the_same_bytes_are_still_known(runtime: Runtime, account_id: UUID, given: Given) -> None:
    await archive_next(runtime)
    async with runtime.database.read() as session:
        found = await find_by_hash(session, account_id, "1" * 64)
    assert found is not None
    assert found.id == given.id


@pytest.mark.parametrize(
    "values", [{"created_at": utc_now() - timedelta(days=29)}, {"duration": None}, {"archived_at": utc_now()}]
)
async def test_what_is_young_unplanned_or_decided_is_left_alone(
    runtime: Runtime, account_id: UUID, given: Given, values: dict[str, object]
) -> None:
    await change(runtime, given, **values)
    assert await archive_next(runtime) is None
    assert (await row(runtime, account_id, given)).blob_key == given.key


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING])
async def test_what_is_worked_on_is_left_alone(runtime: Runtime, account_id: UUID, given: Given, state: JobState) -> None:
    async with runtime.database.write() as session:
        session.add(JobRow(account_id=account_id, recording_id=given.id, state=state))
    assert await archive_next(runtime) is None


async def test_an_account_that_wants_nothing_gets_nothing(runtime: Runtime, account_id: UUID, given: Given) -> None:
    async with runtime.database.write() as session:
        await session.execute(update(AccountRow).values(archive_format=ArchiveFormat.KEEP))
    assert await archive_next(runtime) is None


async def test_an_original_that_is_better_kept_is_asked_about_once(runtime: Runtime, account_id: UUID, given: Given) -> None:
    await change(runtime, given, duration=9.0)
    assert await archive_next(runtime) is not None
    kept = await row(runtime, account_id, given)
    assert (kept.blob_key, kept.archived_format, kept.original_size_bytes) == (given.key, None, None)
    assert kept.archived_at is not None
    assert await archive_next(runtime) is None
    assert await runtime.blobs.get(given.key) == given.data


async def test_a_store_that_fails_in_between_leaves_the_original_in_force(
    runtime: Runtime, account_id: UUID, given: Given
) -> None:
    assert isinstance(runtime.blobs, Breaking)
    runtime.blobs.broken = True
    with pytest.raises(StorageFailed):
        await archive_next(runtime)
    before = await row(runtime, account_id, given)
    assert (before.blob_key, before.archived_at) == (given.key, None)
    assert await runtime.blobs.get(given.key) == given.data
    runtime.blobs.broken = False
    await again(runtime)
    assert (await row(runtime, account_id, given)).archived_format is ArchiveFormat.OPUS


async def test_work_that_begins_meanwhile_keeps_the_original(runtime: Runtime, account_id: UUID, given: Given) -> None:
    class Retried(Breaking):
        async def put(self, key: str, content: bytes | AsyncIterator[bytes]) -> None:  # type: ignore[override]
            await super().put(key, content)
            async with runtime.database.write() as session:
                session.add(JobRow(account_id=account_id, recording_id=given.id, state=JobState.QUEUED))

    runtime.blobs.__class__ = Retried
    await archive_next(runtime)
    after = await row(runtime, account_id, given)
    assert (after.blob_key, after.archived_at) == (given.key, None)
    with pytest.raises(NotFound):
        await runtime.blobs.get(f"{after.blob_prefix}/archived.opus")
