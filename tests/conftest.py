"""Fixtures of every suite: a real SQLite file in a folder of its own, brought up by the real migrations."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from diarist.accounts.service import account_id as find_account
from diarist.database.base import new_id
from diarist.database.migrate import run
from diarist.database.session import Database
from diarist.recordings.models import RecordingRow
from diarist.settings import Settings
from diarist.wiring import metadata


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """A migrated database; the same suite is meant for every kind of database."""
    settings.data_dir.mkdir(parents=True)
    await run(settings.database_url, metadata(), "upgrade", "head")
    database = Database.open(settings.database_url)
    yield database
    await database.close()


@pytest.fixture
async def account_id(database: Database) -> UUID:
    async with database.read() as session:
        return await find_account(session)


@pytest.fixture
async def recording(database: Database, account_id: UUID) -> RecordingRow:
    """A recording's row, without audio."""
    recording_id = new_id()
    async with database.write() as session:
        row = RecordingRow(
            id=recording_id,
            account_id=account_id,
            sha256="0" * 64,
            size_bytes=1,
            filename="memo.wav",
            blob_key=f"accounts/{account_id.hex}/recordings/{recording_id.hex}/original",
        )
        session.add(row)
    return row
