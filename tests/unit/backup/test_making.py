"""Backups of a system at work: consistent, incremental, and honest about what was not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from backed_up import backed_up, backing_up, forget_recording, give_recording, give_upload, silent, system_of
from diarist.backup.create import create_backup
from diarist.backup.finding import all_backups, find_backup
from diarist.backup.index import read_index
from diarist.backup.manifest import Manifest
from diarist.backup.pruning import prune
from diarist.backup.snapshot import System
from diarist.backup.store import BackupStore
from diarist.backup.turn import taken_turn
from diarist.backup.verify import verify
from diarist.database.session import Database
from diarist.errors import BackupDamaged, BackupKeyWrong, Conflict, Misconfigured, NotFound, StorageFull
from diarist.recordings.models import RecordingRow
from diarist.recordings.uploads.models import UploadRow, UploadState
from diarist.settings import Settings, StorageSettings
from diarist.settings.backup import BackupStoreSettings
from diarist.storage.blobs import Blobs


@pytest.fixture
async def made(settings: Settings, database: Database, tmp_path: Path) -> AsyncIterator[tuple[System, BackupStore]]:
    async with system_of(backing_up(settings, tmp_path)) as opened:
        yield opened


class Eventful(Blobs):
    """A blob store in which something happens the first time that a certain blob is read."""

    def __init__(self, real: Blobs, key: str, happens: Callable[[], Awaitable[None]]) -> None:
        self._real = real
        self.when(key, happens)

    def when(self, key: str, happens: Callable[[], Awaitable[None]]) -> None:
        self._key, self._happens = key, happens

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    async def sizes(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        async for found in self._real.sizes(prefix):
            yield found

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        if key == self._key:
            self._key = ""
            await self._happens()
        async for piece in self._real.stream(key, start, end):
            yield piece


def objects(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "backups" / "blobs").rglob("*") if path.is_file())


async def keys_of(store: BackupStore, manifest: Manifest) -> set[str]:
    return {copy.key async for copy in read_index(store, manifest)}


async def test_all_that_rows_name_is_in_it_and_reads_back(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    recording, upload = await give_recording(system, b"audio" * 500_000), await give_upload(system, b"half a memo")
    await system.blobs.put("accounts/orphan", b"nobody names it")
    manifest = await backed_up(system, store)
    keys = await keys_of(store, manifest)
    assert recording.blob_key in keys
    assert any(key.startswith(upload.blob_prefix) for key in keys)
    assert len(keys) == manifest.blobs == manifest.copied == len(objects(tmp_path)) == 4
    assert manifest.database.rows["recordings"] == 1
    assert (await verify(store, manifest, silent)).good
    assert not any(b"audioaudio" in path.read_bytes() for path in objects(tmp_path))


async def test_what_has_not_changed_is_not_copied_again(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    await give_recording(system, b"first")
    await backed_up(system, store)
    before = objects(tmp_path)
    again = await backed_up(system, store)
    assert (again.blobs, again.copied) == (3, 0)
    assert objects(tmp_path) == before
    await give_recording(system, b"second")
    third = await backed_up(system, store)
    assert (third.blobs, third.copied, third.copied_size) == (6, 3, third.size - again.size)


async def test_a_copy_that_has_vanished_or_shrunk_is_made_again(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    await give_recording(system, b"first")
    await backed_up(system, store)
    gone, cut, _ = objects(tmp_path)
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    again = await backed_up(system, store)
    assert again.copied == 2
    assert (await verify(store, again, silent)).good


async def test_a_recording_that_is_deleted_once_the_database_is_held_still_is_to_be_deleted_again(
    made: tuple[System, BackupStore],
) -> None:
    system, store = made
    kept, new = await give_recording(system, b"kept"), list[RecordingRow]()

    async def give() -> None:
        """While all that was there is copied, so that it is copied only when the database is held still."""
        new.append(await give_recording(system, b"new"))
        eventful.when(new[0].blob_key, delete)

    async def delete() -> None:
        await forget_recording(system, new[0].id)

    eventful = Eventful(system.blobs, kept.blob_key, give)
    manifest = await backed_up(replace(system, blobs=eventful), store)
    assert manifest.withdrawn == (new[0].id,)
    assert manifest.database.rows["recordings"] == 2
    assert not any(key.startswith(new[0].blob_prefix) for key in await keys_of(store, manifest))
    assert not manifest.missing


async def test_a_blob_that_vanishes_before_it_is_read_is_no_loss_when_its_rows_went_too(
    made: tuple[System, BackupStore],
) -> None:
    system, store = made
    first, doomed = await give_recording(system, b"first"), await give_recording(system, b"doomed")

    async def delete() -> None:
        await forget_recording(system, doomed.id)

    eventful = Eventful(system.blobs, first.blob_key, delete)
    manifest = await backed_up(replace(system, blobs=eventful), store)
    assert doomed.blob_key not in await keys_of(store, manifest)
    assert not manifest.missing
    assert (await verify(store, manifest, silent)).good


async def test_what_the_blob_store_has_lost_is_named_and_the_rest_is_backed_up(made: tuple[System, BackupStore]) -> None:
    system, store = made
    lost, other = await give_recording(system, b"lost"), await give_recording(system, b"other")
    await system.blobs.delete(lost.blob_key)
    await system.blobs.delete(f"{other.blob_prefix}/chunks/1/00000.flac")
    manifest = await backed_up(system, store)
    assert manifest.missing == (lost.blob_key,)
    assert manifest.expired == 1
    assert [one.state for one in await all_backups(store)] == ["losses"]
    assert other.blob_key in await keys_of(store, manifest)


async def test_bytes_that_are_not_those_taken_in_are_named(made: tuple[System, BackupStore]) -> None:
    system, store = made
    recording = await give_recording(system, b"as given")
    await system.blobs.put(recording.blob_key, b"rot away")
    assert (await backed_up(system, store)).damaged == (recording.blob_key,)


async def test_an_upload_that_becomes_a_recording_meanwhile_is_looked_at_again(made: tuple[System, BackupStore]) -> None:
    system, store = made
    first, uploads = await give_recording(system, b"first"), list[UploadRow]()

    async def give() -> None:
        """While all that was there is copied, so that it is copied only when the database is held still."""
        uploads.append(await give_upload(system, b"acknowledged", UploadState.WHOLE))
        (piece,) = [key async for key, _ in system.blobs.sizes(uploads[0].blob_prefix)]
        eventful.when(piece, become)

    async def become() -> None:
        await give_recording(system, b"acknowledged")
        async with system.database.write() as session:
            await session.delete(await session.get_one(UploadRow, uploads[0].id))
        await system.blobs.delete_under(uploads[0].blob_prefix)

    eventful = Eventful(system.blobs, first.blob_key, give)
    manifest = await backed_up(replace(system, blobs=eventful), store)
    assert manifest.database.rows["recordings"] == 2
    assert manifest.blobs == 6
    assert not manifest.withdrawn


class Full(Blobs):
    """A backup store that takes so many objects, and no more."""

    def __init__(self, real: Blobs, room: int) -> None:
        self._real, self._room = real, room

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    async def put(self, key: str, content: bytes | AsyncIterable[bytes]) -> None:
        if self._room <= 0 and "copied-" not in key:
            raise StorageFull
        await self._real.put(key, content)
        self._room -= 1


async def test_a_full_disk_ends_it_and_the_next_run_goes_on_from_there(made: tuple[System, BackupStore]) -> None:
    system, store = made
    for number in range(10):
        await give_recording(system, b"%d" % number)
    full = replace(store, blobs=Full(store.blobs, 12))
    with pytest.raises(StorageFull, match="backup store is full"):
        await backed_up(system, full)
    assert [one.state for one in await all_backups(store)] == ["unfinished"]
    with pytest.raises(NotFound, match="no backup that was finished"):
        await find_backup(store, "last")
    manifest = await backed_up(system, store)
    assert manifest.blobs == 30
    assert manifest.copied <= 18
    assert (await verify(store, manifest, silent)).good


async def test_one_that_is_cancelled_is_not_taken_for_a_backup(made: tuple[System, BackupStore]) -> None:
    system, store = made
    recording = await give_recording(system, b"audio", chunks=3)
    reached = asyncio.Event()

    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    eventful = Eventful(system.blobs, recording.blob_key, wait)
    making = asyncio.create_task(backed_up(replace(system, blobs=eventful), store))
    await reached.wait()
    making.cancel()
    with suppress(asyncio.CancelledError):
        await making
    assert [one.state for one in await all_backups(store)] in ([], ["unfinished"])
    assert (await backed_up(system, store)).blobs == 4


async def test_one_at_a_time(made: tuple[System, BackupStore]) -> None:
    system, store = made
    async with taken_turn(system.database) as turn:
        with pytest.raises(Conflict, match="another backup"):
            await backed_up(system, store)
        assert (await create_backup(system, store, turn, silent)).blobs == 0
    await backed_up(system, store)


async def test_pruning_keeps_what_a_kept_backup_needs(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    few = system.settings.backup.model_copy(update={"keep_last": 2, "keep_daily": 0, "keep_weekly": 0, "keep_monthly": 0})
    old, kept = await give_recording(system, b"old"), await give_recording(system, b"kept")
    first = await backed_up(system, store)
    await forget_recording(system, old.id)
    second, third = await backed_up(system, store), await backed_up(system, store)
    await store.put_small(f"backups/{first.id.hex[:-1]}0/index-0000", b"of a run that was broken off")
    async with taken_turn(system.database) as turn:
        would = await prune(store, few, turn, really=False)
        assert len(objects(tmp_path)) == 6
        did = await prune(store, few, turn)
    assert would == did
    assert did.backups == (first.id,)
    assert did.objects == 3
    assert [one.id for one in await all_backups(store)] == [third.id, second.id]
    for manifest in (second, third):
        assert kept.blob_key in await keys_of(store, manifest)
        assert (await verify(store, manifest, silent)).good


async def test_nothing_is_pruned_while_it_is_not_known_what_is_needed(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    await give_recording(system, b"audio")
    first = await backed_up(system, store)
    await backed_up(system, store)
    (tmp_path / "backups" / first.index[0].name).unlink()
    async with taken_turn(system.database) as turn:
        with pytest.raises(BackupDamaged):
            await prune(store, system.settings.backup, turn)
        assert len(objects(tmp_path)) == 3
        assert (await prune(store, system.settings.backup, turn, drop=first.id)).backups == (first.id,)
    assert len(objects(tmp_path)) == 3
    assert [one.state for one in await all_backups(store)] == ["whole"]


@pytest.mark.parametrize("what", ["database", "index-0000", "blob"])
async def test_reading_it_through_finds_damage(made: tuple[System, BackupStore], tmp_path: Path, what: str) -> None:
    system, store = made
    await give_recording(system, b"audio")
    manifest = await backed_up(system, store)
    file = objects(tmp_path)[0] if what == "blob" else tmp_path / "backups" / "backups" / manifest.id.hex / what
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    found = await verify(store, manifest, silent)
    assert len(found.faults) == 1
    assert bool(found.lost) == (what == "blob")
    file.unlink()
    assert not (await verify(store, manifest, silent, quick=what == "blob")).good


async def test_a_manifest_that_was_changed_is_listed_as_damaged(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    manifest = await backed_up(system, store)
    file = tmp_path / "backups" / "backups" / manifest.id.hex / "manifest"
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert [one.state for one in await all_backups(store)] == ["damaged"]


async def test_another_key_opens_nothing_and_says_so(made: tuple[System, BackupStore], tmp_path: Path) -> None:
    system, store = made
    await backed_up(system, store)
    (tmp_path / "other").mkdir()
    other = BackupStore(store.blobs, BackupStore.open(backing_up(system.settings, tmp_path / "other")).key)
    with pytest.raises(BackupKeyWrong):
        await all_backups(other)
    with pytest.raises(BackupKeyWrong):
        await backed_up(system, other)


def test_backups_do_not_lie_where_the_recordings_lie(settings: Settings, tmp_path: Path) -> None:
    wanted = backing_up(settings, tmp_path)
    for url in (settings.storage_url, f"{settings.storage_url}/backups"):
        backup = wanted.backup.model_copy(update={"store": BackupStoreSettings(url=url)})
        with pytest.raises(Misconfigured, match="where the recordings lie"):
            BackupStore.open(wanted.model_copy(update={"backup": backup}))
    missing = wanted.backup.model_copy(update={"store": BackupStoreSettings()})
    with pytest.raises(Misconfigured, match="not said where"):
        BackupStore.open(wanted.model_copy(update={"backup": missing, "storage": StorageSettings()}))
