from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from diarist.database.base import made_at, new_id, utc_now
from diarist.database.session import Database
from diarist.database.turns import end_turn, take_turn
from diarist.recordings.models import RecordingRow
from diarist.recordings.orphans import SLICE, SPARED, forget_if_deleted, sweep_orphans
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
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


async def test_uploads_that_no_row_knows_go_too_and_a_round_is_followed_by_a_rest(runtime: Runtime, account_id: UUID) -> None:
    old = made_before(SPARED + timedelta(hours=1))
    await runtime.blobs.put(f"accounts/{account_id.hex}/uploads/{old.hex}/0-x", b"piece")
    await runtime.blobs.put(f"accounts/{account_id.hex}/uploads/notes/0-x", b"not ours")
    assert [await sweep_orphans(runtime) for _ in range(3)] == [0, 1, 0]
    assert await runtime.blobs.folders(f"accounts/{account_id.hex}/uploads") == ["notes"]
    await runtime.blobs.put(f"accounts/{account_id.hex}/uploads/{old.hex}/0-x", b"piece")
    assert await take_turn(runtime.database, "orphans", 60) is None


@pytest.mark.parametrize("count", [SLICE - 1, SLICE, 2 * SLICE + 3])
async def test_a_store_of_any_size_is_gone_through_slice_by_slice(settings: Settings, database: Database, count: int) -> None:
    async with open_runtime(settings, None, blobs=Blobs.open("memory:")) as runtime:
        for number in range(count):
            account = f"{number % 2:032x}"
            await runtime.blobs.put(f"accounts/{account}/recordings/{made_before(SPARED * 2).hex}/original", b"sound")
        swept = []
        while await take_turn(runtime.database, "orphans", 0) is not None:
            swept.append(await sweep_orphans(runtime))
        assert sum(swept) == count
        assert max(swept) <= SLICE
        assert await runtime.blobs.folders("accounts") == []


async def test_only_one_process_is_at_it(runtime: Runtime) -> None:
    assert await take_turn(runtime.database, "orphans", 60) == ""
    assert await take_turn(runtime.database, "orphans", 60) is None
    await end_turn(runtime.database, "orphans", "there")
    assert await take_turn(runtime.database, "orphans", 60) == "there"


async def test_what_is_written_after_a_deletion_is_forgotten(runtime: Runtime, recording: RecordingRow) -> None:
    chunk = f"{recording.blob_prefix}/chunks/1/00000.flac"
    await runtime.blobs.put(chunk, b"sound")
    await forget_if_deleted(runtime, recording)
    assert await runtime.blobs.size(chunk) == 5
    async with runtime.database.write() as session:
        await session.delete(recording)
    await forget_if_deleted(runtime, recording)
    assert await runtime.blobs.folders(recording.blob_prefix) == []
