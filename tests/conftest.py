"""Fixtures of every suite: a real SQLite file, and a real PostgreSQL, brought up by the real migrations."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import make_url

import pgbouncer_process
from diarist.accounts.service import account_id as find_account
from diarist.database.base import new_id
from diarist.database.migrate import run
from diarist.database.session import Database
from diarist.recordings.models import RecordingRow
from diarist.settings import DatabaseSettings, Settings
from diarist.wiring import metadata
from own_logging import logging_as_before
from postgres_server import PostgresServer, postgres_server
from s3_server import S3Server, s3_server

# For `make fuzz`: other examples each time.
hypothesis_settings.register_profile("fuzz", max_examples=2000, deadline=None, derandomize=False, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a second run of the API's tests needs."""
    parser.addoption(
        "--api-on", choices=("sqlite", "postgresql"), default="sqlite", help="which database the tests of the API are run on"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whoever asks for `database` is run on every kind, unless marked as being about one of them."""
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds = ["sqlite", "postgresql"] if "database" in metafunc.fixturenames else ["sqlite"]
    marked = [kind for kind in kinds if metafunc.definition.get_closest_marker(f"{kind}_only")]
    pooled = [pytest.param("pgbouncer", marks=pytest.mark.slow)] if metafunc.definition.get_closest_marker("pooled") else []
    metafunc.parametrize("database_kind", [*(marked or kinds), *pooled])


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """No test logs as the one before it was told to."""
    with logging_as_before():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real server, started for the first test that needs it."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def pgbouncer(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """The same server behind a pooler."""
    if pgbouncer_process.program() is None:
        pytest.skip("pgbouncer is not installed (Debian: apt-get install pgbouncer)")
    with pgbouncer_process.bouncing(postgres) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as the migrations leave it, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "diarist.db"
    asyncio.run(run(f"sqlite+aiosqlite:///{file}", metadata(), "upgrade", "head"))
    return file


@pytest.fixture
def settings(tmp_path: Path, database_kind: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    folders = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache")
    if database_kind == "sqlite":
        yield folders
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    way: PostgresServer = request.getfixturevalue("pgbouncer") if database_kind == "pgbouncer" else server
    url = server.create_migrated()
    yield folders.model_copy(update={"database": DatabaseSettings(url=way.url_of(make_url(url).database or ""))})
    server.drop(url)


@pytest.fixture
async def database(settings: Settings, migrated_file: Path) -> AsyncIterator[Database]:
    """A database of its own, up to date; the same tests run on every kind."""
    settings.data_dir.mkdir(parents=True)
    if not settings.database.url:
        shutil.copy(migrated_file, settings.data_dir / "diarist.db")
    database = Database.open(settings.database_url, settings.database)
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


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server for all tests that need one; each makes a bucket of its own."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server
