"""Uploads survive whatever dies: every step can be taken again, and of two who take it one wins."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import make_sample
from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.errors import Conflict, DatabaseUnavailable, NotFound, OffsetMismatch, UnsupportedAudio
from diarist.http import idempotency_store
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.quotas import TooManyJobs
from diarist.recordings.service import add_recording
from diarist.recordings.uploads import repository, service
from diarist.recordings.uploads.completion import complete
from diarist.recordings.uploads.models import UploadKind, UploadPieceRow, UploadRow, UploadState
from diarist.recordings.uploads.receiving import Patch, append, find_usable
from diarist.recordings.uploads.service import NewUpload
from diarist.recordings.uploads.sweeping import SPARED, SweptUploads, sweep_uploads
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.wiring import open_runtime

SOUND = make_sample.TEXT.with_suffix(".opus").read_bytes()
HALF = len(SOUND) // 2


@pytest.fixture
async def runtime(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    async with open_runtime(settings, None) as opened:
        yield opened


async def body(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def begun(runtime: Runtime, account_id: UUID) -> UploadRow:
    """An upload of as many bytes as the sound has, of which none has come."""
    return await service.begin(runtime, account_id, NewUpload(kind=UploadKind.TUS, filename="memo.opus", length=len(SOUND)))


async def received(runtime: Runtime, account_id: UUID, content: bytes, *, of: int | None = None, part: bool = False) -> UploadRow:
    """An upload that stands where a process was killed right after the last byte was durable."""
    kind = UploadKind.PART if part else UploadKind.TUS
    upload = await service.begin(runtime, account_id, NewUpload(kind=kind, filename="memo.opus", length=of or len(content)))
    await append(runtime, upload, Patch(offset=0), body(content))
    return await find_usable(runtime, account_id, upload.id, kind)


async def untouched(runtime: Runtime, seconds: float = 0.0) -> None:
    """Let time pass: as if no byte had come for so long."""
    async with runtime.database.write() as session:
        rows = await session.scalars(select(UploadRow))
        for row in rows:
            row.expires_at -= SPARED * 2
            if seconds:
                row.expires_at = utc_now() - SPARED


async def count(runtime: Runtime, table: type[RecordingRow | JobRow | UploadRow | UploadPieceRow]) -> int:
    async with runtime.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


def files(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "blobs" / "accounts").rglob("*") if path.is_file()]


async def test_bytes_that_are_all_there_become_a_recording_without_the_client(
    runtime: Runtime, settings: Settings, account_id: UUID
) -> None:
    upload = await received(runtime, account_id, SOUND)
    assert await sweep_uploads(runtime) == SweptUploads(0, 0), "whoever sent the last byte is still at it"
    await untouched(runtime)
    assert await sweep_uploads(runtime) == SweptUploads(1, 0)
    assert await sweep_uploads(runtime) == SweptUploads(0, 0)
    after = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    async with runtime.database.read() as session:
        recording = await session.get_one(RecordingRow, after.recording_id)
    assert (after.state, recording.sha256) == (UploadState.RECORDED, hashlib.sha256(SOUND).hexdigest())
    assert (await count(runtime, UploadPieceRow), len(files(settings))) == (0, 1)


async def test_a_crash_between_the_recording_and_its_upload_makes_no_second_one(runtime: Runtime, account_id: UUID) -> None:
    upload = await received(runtime, account_id, SOUND)
    added = await add_recording(runtime, account_id, "memo.opus", body(SOUND))
    after = await complete(runtime, upload)
    assert (after.recording_id, after.job_id) == (added.recording.id, added.job.id)
    assert (await count(runtime, RecordingRow), await count(runtime, JobRow)) == (1, 1)


async def test_several_replicas_that_complete_it_make_one_recording(
    runtime: Runtime, settings: Settings, account_id: UUID
) -> None:
    upload = await received(runtime, account_id, SOUND)
    await asyncio.gather(*(complete(runtime, upload) for _ in range(4)))
    after = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    assert (after.state, await count(runtime, JobRow), len(files(settings))) == (UploadState.RECORDED, 1, 1)


async def test_uploads_of_the_same_bytes_at_the_same_moment_are_one_recording(
    runtime: Runtime, settings: Settings, account_id: UUID
) -> None:
    uploads = [await received(runtime, account_id, SOUND) for _ in range(4)]
    done = await asyncio.gather(*(complete(runtime, upload) for upload in uploads))
    assert len({(upload.recording_id, upload.job_id) for upload in done}) == 1
    assert (await count(runtime, RecordingRow), await count(runtime, JobRow), len(files(settings))) == (1, 1, 1)


async def test_a_replica_that_died_while_completing_is_replaced(runtime: Runtime, account_id: UUID) -> None:
    upload = await received(runtime, account_id, SOUND)
    async with runtime.database.write() as session:
        assert await repository.lease(session, upload.id, UploadState.WHOLE, 60)
    assert (await complete(runtime, upload)).state is UploadState.WHOLE
    async with runtime.database.write() as session:
        await session.execute(update(UploadRow).values(lease_until=1.0))
    assert (await complete(runtime, upload)).state is UploadState.RECORDED


async def test_of_several_writers_at_one_offset_one_wins(runtime: Runtime, settings: Settings, account_id: UUID) -> None:
    upload = await received(runtime, account_id, SOUND[:HALF], of=len(SOUND) + 1)
    tries = (append(runtime, upload, Patch(offset=HALF), body(SOUND[HALF:])) for _ in range(4))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(OffsetMismatch) == 3
    assert (await count(runtime, UploadPieceRow), len(files(settings))) == (2, 2)
    upload = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    await append(runtime, upload, Patch(offset=len(SOUND)), body(b"."))
    assert (await complete(runtime, await find_usable(runtime, account_id, upload.id, UploadKind.TUS))).recording_id


class SilentAfterCommit(Database):
    """The connection breaks when the commit is through, and nobody is told."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        async with super().write() as session:
            yield session
        raise DatabaseUnavailable


async def test_bytes_whose_commit_is_in_doubt_are_kept(runtime: Runtime, account_id: UUID) -> None:
    new = NewUpload(kind=UploadKind.TUS, filename="memo.opus", length=len(SOUND))
    upload = await service.begin(runtime, account_id, new)
    doubtful = replace(runtime, database=SilentAfterCommit(runtime.database.engine))
    with pytest.raises(DatabaseUnavailable):
        await append(doubtful, upload, Patch(offset=0), body(SOUND[:HALF]))
    upload = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    assert upload.received == HALF
    await append(runtime, upload, Patch(offset=HALF), body(SOUND[HALF:]))
    assert (await complete(runtime, await find_usable(runtime, account_id, upload.id, UploadKind.TUS))).recording_id


async def at_once(runtime: Runtime, upload: UploadRow, content: bytes) -> UploadRow:
    """All bytes of an upload in one request that says its size."""
    return await complete(runtime, upload, await append(runtime, upload, Patch(offset=0, size=len(content)), body(content)))


async def test_what_comes_whole_is_stored_once(runtime: Runtime, settings: Settings, account_id: UUID) -> None:
    upload = await begun(runtime, account_id)
    told = await at_once(runtime, upload, SOUND)
    after = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    assert (after.state, after.received) == (UploadState.RECORDED, len(SOUND))
    assert (told.state, told.received, told.recording_id, told.job_id) == (
        after.state, after.received, after.recording_id, after.job_id,
    )  # fmt: skip
    assert (await count(runtime, UploadPieceRow), len(files(settings))) == (0, 1)


async def test_of_several_that_send_all_of_it_one_wins(runtime: Runtime, settings: Settings, account_id: UUID) -> None:
    upload = await begun(runtime, account_id)
    contents = [SOUND, SOUND, bytes(SOUND[:-1]) + bytes([SOUND[-1] ^ 1])]
    tries = [await find_usable(runtime, account_id, upload.id, UploadKind.TUS) for _ in contents]
    outcomes = await asyncio.gather(*map(partial(at_once, runtime), tries, contents), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(OffsetMismatch) == 2
    assert (await count(runtime, RecordingRow), await count(runtime, JobRow), len(files(settings))) == (1, 1, 1)


async def test_what_came_whole_is_kept_when_no_recording_can_be_made_for_now(
    runtime: Runtime, settings: Settings, account_id: UUID
) -> None:
    upload = await begun(runtime, account_id)
    full = replace(
        runtime, settings=settings.model_copy(update={"limits": settings.limits.model_copy(update={"unfinished_jobs": 0})})
    )
    with pytest.raises(TooManyJobs):
        await at_once(full, upload, SOUND)
    kept = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    assert (kept.state, kept.received, len(files(settings))) == (UploadState.WHOLE, len(SOUND), 1)
    assert (await complete(runtime, kept)).state is UploadState.RECORDED


async def test_what_came_whole_and_is_no_recording_is_refused_for_good(
    runtime: Runtime, settings: Settings, account_id: UUID
) -> None:
    upload = await begun(runtime, account_id)
    with pytest.raises(UnsupportedAudio):
        await at_once(runtime, upload, b"\x7fELF".ljust(len(SOUND), b"."))
    refused = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    assert (refused.state, refused.received, refused.error_code) == (
        UploadState.REFUSED, len(SOUND), UnsupportedAudio.code,
    )  # fmt: skip
    assert files(settings) == []


async def test_what_is_no_recording_takes_nothing_from_who_was_faster(runtime: Runtime, account_id: UUID) -> None:
    upload = await begun(runtime, account_id)
    faster = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    await append(runtime, faster, Patch(offset=0), body(SOUND[:HALF]))
    with pytest.raises(UnsupportedAudio):
        await at_once(runtime, upload, b"\x7fELF".ljust(len(SOUND), b"."))
    await append(runtime, faster, Patch(offset=HALF), body(SOUND[HALF:]))
    assert (await complete(runtime, faster)).state is UploadState.RECORDED


async def test_an_upload_that_was_given_up_takes_nothing(runtime: Runtime, settings: Settings, account_id: UUID) -> None:
    upload = await begun(runtime, account_id)
    await service.give_up(runtime, await find_usable(runtime, account_id, upload.id, UploadKind.TUS))
    with pytest.raises(OffsetMismatch):
        await at_once(runtime, upload, SOUND)
    assert (await count(runtime, RecordingRow), files(settings)) == (0, [])


async def test_what_came_whole_is_no_second_recording_when_its_commit_is_in_doubt(
    runtime: Runtime, settings: Settings, account_id: UUID
) -> None:
    upload = await begun(runtime, account_id)
    with pytest.raises(OffsetMismatch):
        await at_once(replace(runtime, database=SilentAfterCommit(runtime.database.engine)), upload, SOUND)
    after = await find_usable(runtime, account_id, upload.id, UploadKind.TUS)
    assert (after.state, after.received, len(files(settings))) == (UploadState.RECORDED, len(SOUND), 1)


async def test_one_that_fails_keeps_no_other_from_its_recording(runtime: Runtime, account_id: UUID) -> None:
    lost = await received(runtime, account_id, SOUND + b"lost")
    await runtime.blobs.delete_under(lost.blob_prefix)
    refused = await received(runtime, account_id, b"no sound")
    sound = await received(runtime, account_id, SOUND)
    with pytest.raises(NotFound):
        await complete(runtime, lost)
    await untouched(runtime)
    assert await sweep_uploads(runtime) == SweptUploads(1, 0)
    states = [(await find_usable(runtime, account_id, row.id, UploadKind.TUS)).state for row in (lost, refused, sound)]
    assert states == [UploadState.WHOLE, UploadState.REFUSED, UploadState.RECORDED]
    with pytest.raises(UnsupportedAudio):
        await complete(runtime, await received(runtime, account_id, b"no sound"))


async def test_a_part_whose_bytes_are_still_needed_is_not_given_up(runtime: Runtime, account_id: UUID) -> None:
    parts = [await received(runtime, account_id, content, part=True) for content in (SOUND[:HALF], SOUND[HALF:])]
    joined = NewUpload(kind=UploadKind.TUS, filename="joined.opus")
    final = await service.join(runtime, account_id, joined, [part.id for part in parts])
    part = await find_usable(runtime, account_id, parts[0].id, UploadKind.PART)
    with pytest.raises(Conflict):
        await service.give_up(runtime, part)
    assert (await complete(runtime, final)).recording_id
    await service.give_up(runtime, part)


async def test_what_expired_goes_and_what_is_whole_stays(runtime: Runtime, settings: Settings, account_id: UUID) -> None:
    await received(runtime, account_id, SOUND[:HALF], of=len(SOUND))
    await received(runtime, account_id, SOUND[:10], part=True)
    gone = await received(runtime, account_id, SOUND[:20], of=21)
    async with runtime.database.write() as session:
        await repository.mark_gone(session, gone.id)
    assert await sweep_uploads(runtime) == SweptUploads(0, 1), "the deletion that was killed is carried on"
    parts = [await received(runtime, account_id, content, part=True) for content in (SOUND[:HALF], SOUND[HALF:])]
    joined = NewUpload(kind=UploadKind.TUS, filename="joined.opus")
    final = await service.join(runtime, account_id, joined, [part.id for part in parts])
    async with runtime.database.write() as session:
        assert await repository.lease(session, final.id, UploadState.WHOLE, 60)
    await untouched(runtime, seconds=1)
    assert [await sweep_uploads(runtime, 1) for _ in range(3)] == [SweptUploads(0, 1), SweptUploads(0, 1), SweptUploads(0, 0)]
    assert (await count(runtime, UploadRow), len(files(settings))) == (3, 2)
    async with runtime.database.write() as session:
        await session.execute(update(UploadRow).values(lease_until=None))
    assert await sweep_uploads(runtime) == SweptUploads(1, 0)
    await untouched(runtime, seconds=1)
    assert await sweep_uploads(runtime) == SweptUploads(0, 1)
    assert (await count(runtime, UploadRow), await count(runtime, RecordingRow), len(files(settings))) == (0, 1, 1)


async def test_answers_that_were_kept_long_enough_go_as_well(runtime: Runtime, account_id: UUID) -> None:
    asked = idempotency_store.Asked(account_id, "key", "f")
    await idempotency_store.claim(runtime.database, asked, utc_now() - SPARED)
    assert await sweep_uploads(runtime) == SweptUploads(0, 0, 1)
    assert await sweep_uploads(runtime) == SweptUploads(0, 0)
