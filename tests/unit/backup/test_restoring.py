"""Restores bring everything back, harm nothing, and can be begun again."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from backed_up import (
    backed_up,
    backing_up,
    give_recording,
    give_upload,
    hashes_of_all,
    rows_of_all,
    silent,
    system_of,
)
from diarist.backup.manifest import Manifest
from diarist.backup.postgresql_target import PostgresqlTarget
from diarist.backup.restore import Restored, Scope, Target, restore
from diarist.backup.snapshot import System
from diarist.backup.sqlite_snapshot import file_of
from diarist.backup.sqlite_target import SqliteTarget
from diarist.backup.store import BackupStore
from diarist.database.session import Database
from diarist.database.turns import take_turn
from diarist.errors import BackupDamaged, Conflict, DatabaseUnavailable, Misconfigured, NotEmpty
from diarist.recordings.models import RecordingRow
from diarist.settings import DatabaseSettings, Settings
from postgres_server import PostgresServer

MakeEmpty = Callable[[str], Settings]


@pytest.fixture
async def made(settings: Settings, database: Database, tmp_path: Path) -> AsyncIterator[tuple[System, BackupStore, Manifest]]:
    """A system with something in it, and a backup of it."""
    async with system_of(backing_up(settings, tmp_path)) as (system, store):
        await give_recording(system, b"audio" * 300_000)
        await give_upload(system, b"half a memo")
        yield system, store, await backed_up(system, store)


@pytest.fixture
def empty(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeEmpty]:
    """Makes settings of installations in which there is nothing yet."""
    urls: list[str] = []

    def make(name: str) -> Settings:
        fresh = backing_up(settings, tmp_path).model_copy(update={"data_dir": tmp_path / name / "data"})
        if settings.embedded:
            return fresh
        server: PostgresServer = request.getfixturevalue("postgres")
        urls.append(server.create())
        return fresh.model_copy(update={"database": DatabaseSettings(url=urls[-1])})

    yield make
    for url in urls:
        request.getfixturevalue("postgres").drop(url)


def target_of(system: System, manifest: Manifest, *, replace: bool = False) -> Target:
    if system.settings.embedded:
        return SqliteTarget(file_of(system.settings.database_url), replace=replace)
    return PostgresqlTarget(system, manifest, replace=replace)


async def brought_back(
    system: System, store: BackupStore, manifest: Manifest, *, scope: Scope = Scope.ALL, replace: bool = False
) -> Restored:
    target = None if scope is Scope.BLOBS else target_of(system, manifest, replace=replace)
    return await restore(system, store, manifest, target, scope, silent)


async def test_everything_comes_back(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    system, store, manifest = made
    fresh = empty("fresh")
    async with system_of(fresh) as (other, _):
        restored = await brought_back(other, store, manifest)
        assert (restored.blobs, restored.there, restored.lost) == (4, 0, [])
        assert await hashes_of_all(other.blobs) == await hashes_of_all(system.blobs)
    assert rows_of_all(fresh.database_url) == rows_of_all(system.settings.database_url)


async def test_orphans_are_spared_after_it(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    _, store, manifest = made
    async with system_of(empty("fresh")) as (other, _):
        await brought_back(other, store, manifest)
        assert await take_turn(other.database, "orphans", 1.0) is None


async def test_where_there_is_something_nothing_is_changed(made: tuple[System, BackupStore, Manifest]) -> None:
    system, store, manifest = made
    later = await give_recording(system, b"later")
    before = rows_of_all(system.settings.database_url)
    with pytest.raises(NotEmpty, match="holds recordings"):
        await brought_back(system, store, manifest)
    assert rows_of_all(system.settings.database_url) == before
    assert later.blob_key in await hashes_of_all(system.blobs)


async def test_a_database_that_was_only_migrated_is_empty(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    from diarist.wiring import make_data_dir, migrate

    system, store, manifest = made
    fresh = empty("fresh")
    make_data_dir(fresh)
    await migrate(fresh)
    async with system_of(fresh) as (other, _):
        assert (await brought_back(other, store, manifest)).aside == ""
    assert rows_of_all(fresh.database_url) == rows_of_all(system.settings.database_url)


async def test_what_is_replaced_is_put_aside(made: tuple[System, BackupStore, Manifest]) -> None:
    system, store, manifest = made
    as_backed_up = rows_of_all(system.settings.database_url)
    later = await give_recording(system, b"later")
    await system.database.close()
    restored = await brought_back(system, store, manifest, replace=True)
    assert rows_of_all(system.settings.database_url) == as_backed_up
    assert later.blob_key in await hashes_of_all(system.blobs)
    if system.settings.embedded:
        aside = rows_of_all(f"sqlite:///{restored.aside}")["recordings"]
    else:
        schema = restored.aside.removeprefix("schema ")
        aside = rows_of_all(f"{system.settings.database_url}?options=-csearch_path%3D{schema}")["recordings"]
    assert any(later.id.hex in row.replace("-", "") for row in aside)


async def test_it_can_be_begun_again(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    system, store, manifest = made
    fresh = empty("fresh")
    async with system_of(fresh) as (other, _):
        await brought_back(other, store, replace(manifest, database=manifest.database), scope=Scope.ALL)
    again = empty("again").model_copy(update={"storage": fresh.storage, "data_dir": fresh.data_dir.parent / "second"})
    shutil.copytree(fresh.data_dir / "blobs", again.data_dir / "blobs")
    (one, *_) = [path for path in (again.data_dir / "blobs").rglob("*") if path.is_file()]
    one.unlink()
    async with system_of(again) as (other, _):
        restored = await brought_back(other, store, manifest)
        assert (restored.blobs, restored.there) == (1, 3)
        assert await hashes_of_all(other.blobs) == await hashes_of_all(system.blobs)
    assert rows_of_all(again.database_url) == rows_of_all(system.settings.database_url)


async def test_a_dump_that_is_damaged_leaves_an_empty_database_empty_and_a_full_one_full(
    made: tuple[System, BackupStore, Manifest], empty: MakeEmpty, tmp_path: Path
) -> None:
    system, store, manifest = made
    file = tmp_path / "backups" / manifest.database.part.name
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    fresh = empty("fresh")
    async with system_of(fresh) as (other, _):
        with pytest.raises(BackupDamaged):
            await brought_back(other, store, manifest)
    if fresh.embedded:
        assert not file_of(fresh.database_url).exists()
    else:
        assert rows_of_all(fresh.database_url) == {}
    before = rows_of_all(system.settings.database_url)
    await system.database.close()
    with pytest.raises(BackupDamaged):
        await brought_back(system, store, manifest, replace=True)
    assert rows_of_all(system.settings.database_url) == before


async def test_a_blob_that_is_damaged_keeps_no_other_away(
    made: tuple[System, BackupStore, Manifest], empty: MakeEmpty, tmp_path: Path
) -> None:
    _, store, manifest = made
    (one, *_) = sorted(path for path in (tmp_path / "backups" / "blobs").rglob("*") if path.is_file())
    one.write_bytes(b"diarist-sealed-1")
    async with system_of(empty("fresh")) as (other, _):
        restored = await brought_back(other, store, manifest)
        assert (restored.blobs, len(restored.lost)) == (3, 1)
        assert len(await hashes_of_all(other.blobs)) == 3


async def test_a_blob_with_other_bytes_is_not_written_over(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    system, store, manifest = made
    key = min(await hashes_of_all(system.blobs))
    async with system_of(empty("fresh")) as (other, _):
        await other.blobs.put(key, b"something else")
        with pytest.raises(Conflict, match="other bytes"):
            await brought_back(other, store, manifest)
        assert await other.blobs.get(key) == b"something else"


async def test_a_lost_bucket_is_filled_again_beside_the_living_database(made: tuple[System, BackupStore, Manifest]) -> None:
    system, store, manifest = made
    before = await hashes_of_all(system.blobs)
    later = await give_recording(system, b"later", chunks=0)
    await system.blobs.delete_under("accounts")
    restored = await brought_back(system, store, manifest, scope=Scope.BLOBS)
    assert await hashes_of_all(system.blobs) == before
    assert restored.lost == [later.blob_key]


async def test_a_database_alone_comes_back_to_a_bucket_that_has_survived(
    made: tuple[System, BackupStore, Manifest], empty: MakeEmpty
) -> None:
    system, store, manifest = made
    fresh = empty("fresh").model_copy(
        update={"storage": system.settings.storage.model_copy(update={"url": system.settings.storage_url})}
    )
    async with system_of(fresh) as (other, _):
        restored = await brought_back(other, store, manifest, scope=Scope.DATABASE)
        assert (restored.blobs, restored.there) == (0, 4)
        async with other.database.read() as session:
            assert len((await session.scalars(select(RecordingRow))).all()) == 1


async def test_what_was_deleted_meanwhile_is_deleted_again(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    system, store, manifest = made
    async with system.database.read() as session:
        (recording,) = (await session.scalars(select(RecordingRow))).all()
    async with system_of(empty("fresh")) as (other, _):
        await brought_back(other, store, replace(manifest, withdrawn=(recording.id,)))
        async with other.database.read() as session:
            assert (await session.scalars(select(RecordingRow))).all() == []


async def test_a_backup_of_a_newer_version_is_refused(made: tuple[System, BackupStore, Manifest], empty: MakeEmpty) -> None:
    _, store, manifest = made
    newer = replace(manifest, database=replace(manifest.database, revision="9999"))
    async with system_of(empty("fresh")) as (other, _):
        with pytest.raises(Misconfigured, match="only knows"):
            await brought_back(other, store, newer)
        assert await hashes_of_all(other.blobs) == {}


async def test_a_backup_of_another_kind_of_database_is_refused(
    made: tuple[System, BackupStore, Manifest], empty: MakeEmpty
) -> None:
    _, store, manifest = made
    kind = "postgresql" if manifest.database.kind == "sqlite" else "sqlite"
    async with system_of(empty("fresh")) as (other, _):
        with pytest.raises(Misconfigured, match="of the kind"):
            await brought_back(other, store, replace(manifest, database=replace(manifest.database, kind=kind)))


@pytest.mark.postgresql_only
async def test_while_somebody_works_on_the_database_nothing_is_restored(made: tuple[System, BackupStore, Manifest]) -> None:
    system, store, manifest = made
    at_work = Database.open(system.settings.database_url)
    try:
        async with at_work.read() as session:
            await session.scalar(select(1))
            with pytest.raises(Conflict, match="connections of Diarist are open"):
                await brought_back(system, store, manifest, replace=True)
    finally:
        await at_work.close()


@pytest.mark.postgresql_only
async def test_programs_that_are_missing_or_too_old_are_named(made: tuple[System, BackupStore, Manifest], tmp_path: Path) -> None:
    system, store, _ = made

    async def tried(folder: Path) -> None:
        backup = system.settings.backup.model_copy(update={"postgresql_programs": folder})
        await backed_up(replace(system, settings=system.settings.model_copy(update={"backup": backup})), store)

    with pytest.raises(Misconfigured, match="pg_dump is not in"):
        await tried(tmp_path)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    with pytest.raises(Misconfigured, match=r"of PostgreSQL 9, and \d+ is needed"):
        await tried(tmp_path)
    says_its_version = "[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit"
    old.write_text(f"#!/bin/sh\n{says_its_version}\nprintf half\necho 'pg_dump: error: gone' >&2\nexit 1\n")
    with pytest.raises(DatabaseUnavailable, match="pg_dump: error: gone"):
        await tried(tmp_path)
