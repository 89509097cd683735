from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from diarist.database.base import made_at, new_id, utc_now
from diarist.database.session import Database
from diarist.recordings.models import RecordingRow
from diarist.recordings.orphans import SPARED, forget_if_deleted, sweep_orphans
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.wiring import open_runtime


@pytest.fixture
async def runtime(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    async with open_runtime(settings, None) as opened:
        yield opened


def made_before(age: timedelta) -> UUID:
    """A UUIDv7 that says it was made that long ago."""
    milliseconds = int((utc_now() - age).timestamp() * 1000)
    return UUID(int=milliseconds << 80 | new_id().int & (1 << 80) - 1)


def test_an_id_knows_when_it_was_made() -> None:
    assert abs(utc_now() - made_at(new_id())) < timedelta(seconds=5)


async def test_only_what_no_recording_names_and_no_upload_can_be_writing_is_swept(
    runtime: Runtime, account_id: UUID, recording: RecordingRow
) -> None:
    folder = recording.blob_prefix.rpartition("/")[0]
    old, young = made_before(SPARED + timedelta(hours=1)), made_before(SPARED - timedelta(hours=1))
    for name in (old.hex, young.hex, recording.id.hex):
        await runtime.blobs.put(f"{folder}/{name}/original", b"sound")
    assert await sweep_orphans(runtime) == 1
    assert set(await runtime.blobs.folders(folder)) == {young.hex, recording.id.hex}


async def test_what_is_written_after_a_deletion_is_forgotten(runtime: Runtime, recording: RecordingRow) -> None:
    chunk = f"{recording.blob_prefix}/chunks/1/00000.flac"
    await runtime.blobs.put(chunk, b"sound")
    await forget_if_deleted(runtime, recording)
    assert await runtime.blobs.size(chunk) == 5
    async with runtime.database.write() as session:
        await session.delete(recording)
    await forget_if_deleted(runtime, recording)
    assert await runtime.blobs.folders(recording.blob_prefix) == []
