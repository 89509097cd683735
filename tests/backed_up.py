"""A system with recordings in it, for tests that back it up, and the means to compare two systems whole."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from diarist.accounts.service import account_id as find_account
from diarist.backup.copying import Step
from diarist.backup.create import create_backup
from diarist.backup.key import make_key
from diarist.backup.manifest import Manifest
from diarist.backup.snapshot import System, opened_system
from diarist.backup.store import BackupStore
from diarist.backup.turn import taken_turn
from diarist.database.base import new_id, utc_now
from diarist.recordings.models import RecordingRow
from diarist.recordings.uploads.models import UploadKind, UploadPieceRow, UploadRow, UploadState
from diarist.settings import Settings
from diarist.settings.backup import BackupSettings, BackupStoreSettings
from diarist.storage.blobs import Blobs
from diarist.transcription.models import ChunkRow
from postgres_server import program

PROGRAMS = program("pg_dump").parent
LEFT_OUT = {"sweeps"}
"""Tables that a backup itself, or a restore, writes to."""


def silent(_step: Step, _done: int, _total: int) -> None:
    """Watches nothing."""


def backing_up(settings: Settings, folder: Path, **keep: int) -> Settings:
    """The same settings with a place for backups, and a key."""
    key = folder / "backup.key"
    if not key.exists():
        make_key(key)
    store = BackupStoreSettings(url=(folder / "backups").as_uri())
    backup = BackupSettings(store=store, key_file=key, postgresql_programs=PROGRAMS, **keep)
    return settings.model_copy(update={"backup": backup})


@asynccontextmanager
async def system_of(settings: Settings) -> AsyncIterator[tuple[System, BackupStore]]:
    """A system and its backup store."""
    async with opened_system(settings) as system:
        yield system, BackupStore.open(settings)


async def backed_up(system: System, store: BackupStore) -> Manifest:
    """Make a backup."""
    async with taken_turn(system.database) as turn:
        return await create_backup(system, store, turn, silent)


async def give_recording(system: System, content: bytes, chunks: int = 2) -> RecordingRow:
    """A recording with its chunks."""
    recording_id = new_id()
    async with system.database.read() as session:
        account = await find_account(session)
    prefix = f"accounts/{account.hex}/recordings/{recording_id.hex}"
    row = RecordingRow(
        id=recording_id, account_id=account, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content),
        filename="memo.wav", blob_key=f"{prefix}/original",
    )  # fmt: skip
    keys = [f"{prefix}/chunks/1/{number:05d}.flac" for number in range(chunks)]
    await system.blobs.put(row.blob_key, content)
    for key in keys:
        await system.blobs.put(key, key.encode())
    async with system.database.write() as session:
        session.add(row)
        await session.flush()
        session.add_all(
            ChunkRow(
                account_id=account, recording_id=row.id, plan_version=1, index=number, start=float(number), end=number + 1.0,
                speech=[], blob_key=key,
            )
            for number, key in enumerate(keys)
        )  # fmt: skip
    return row


async def give_upload(system: System, content: bytes, state: UploadState = UploadState.OPEN) -> UploadRow:
    """An upload of one piece."""
    async with system.database.read() as session:
        account = await find_account(session)
    row = UploadRow(
        id=new_id(), account_id=account, kind=UploadKind.TUS, state=state, length=100, received=len(content), filename="memo.wav",
        expires_at=utc_now() + timedelta(days=1),
    )  # fmt: skip
    key = f"{row.blob_prefix}/0-{new_id().hex}"
    await system.blobs.put(key, content)
    async with system.database.write() as session:
        session.add(row)
        await session.flush()
        session.add(UploadPieceRow(account_id=account, upload_id=row.id, start=0, size=len(content), blob_key=key))
    return row


async def forget_recording(system: System, recording_id: UUID) -> None:
    """What its owner does who deletes it: the rows first, then the bytes."""
    async with system.database.write() as session:
        row = await session.get_one(RecordingRow, recording_id)
        await session.delete(row)
    await system.blobs.delete_under(row.blob_prefix)


def rows_of_all(url: str) -> dict[str, list[Any]]:
    """All that a database holds, by table."""
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_engine(parsed.set(drivername=driver), poolclass=NullPool)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - LEFT_OUT
        found = {table: connection.execute(text(f'SELECT * FROM "{table}"')) for table in sorted(tables)}  # noqa: S608
        return {table: sorted(map(repr, rows)) for table, rows in found.items()}


async def hashes_of_all(blobs: Blobs) -> dict[str, str]:
    """The digest of every blob."""
    found = {}
    async for key, _ in blobs.sizes("accounts"):
        digest = hashlib.sha256()
        async for piece in blobs.stream(key):
            digest.update(piece)
        found[key] = digest.hexdigest()
    return found
