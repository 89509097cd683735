"""What a migration takes away is not taken from programs at work: real connections to a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from diarist.database.migrate import Upgraded, current, upgrade
from diarist.database.older_programs import OlderProgramsWork
from diarist.database.revisions import OURS, History, Phase
from diarist.database.session import Database
from diarist.settings import Settings
from diarist.wiring import metadata, migration_lock
from made_revisions import LATER, following

pytestmark = pytest.mark.postgresql_only
Upgrade = Callable[..., asyncio.Task[Upgraded]]


@pytest.fixture
def later(tmp_path: Path) -> History:
    return following(tmp_path)


@asynccontextmanager
async def connected(settings: Settings, name: str) -> AsyncIterator[None]:
    """A program that has a connection and does nothing just now."""
    async with await psycopg.AsyncConnection.connect(settings.database_url, application_name=name):
        yield


async def upgraded(settings: Settings, history: History, phase: Phase = Phase.POST, patience: float = 60) -> Upgraded:
    lock = migration_lock(settings)
    return await upgrade(settings.database_url, metadata(), lock=lock, phase=phase, history=history, patience=patience)


async def test_programs_say_which_revision_they_know(database: Database) -> None:
    async with database.read() as session:
        assert await session.scalar(text("SHOW application_name")) == f"diarist {OURS.head()}"


@pytest.mark.parametrize("name", ["diarist", f"diarist {OURS.head()}", "diarist 9001"])
async def test_nothing_is_taken_away_while_somebody_is_connected_who_would_miss_it(
    settings: Settings, database: Database, later: History, name: str
) -> None:
    async with connected(settings, name):
        with pytest.raises(OlderProgramsWork, match=f"9002.* of '{name}'"):
            await upgraded(settings, later, patience=0.1)
    assert await current(settings.database_url) == OURS.head()


@pytest.mark.parametrize("name", ["diarist 9002", "diarist 9003", "psql", "diaristic"])
async def test_who_knows_it_or_is_no_program_of_ours_holds_nothing_up(
    settings: Settings, database: Database, later: History, name: str
) -> None:
    await database.close()  # ended by us, and gone when the server has noticed
    async with connected(settings, name):
        assert (await upgraded(settings, later)).now == "9003"


async def test_it_goes_on_once_they_have_gone(settings: Settings, database: Database, later: History) -> None:
    await database.close()
    async with connected(settings, f"diarist {OURS.head()}"):
        with capture_logs() as logged:
            waiting = asyncio.create_task(upgraded(settings, later))
            while not (waiting.done() or _told(logged)):
                await asyncio.sleep(0.05)
        assert not waiting.done()
    async with asyncio.timeout(30):
        assert (await waiting).now == LATER[-1][0]


async def test_what_only_adds_waits_for_nobody_and_neither_does_who_does_not_want_to(
    settings: Settings, database: Database, later: History
) -> None:
    async with connected(settings, f"diarist {OURS.head()}"):
        assert (await upgraded(settings, later, Phase.PRE)).now == "9001"
        assert (await upgraded(settings, later, patience=0)).now == "9003"


def _told(logged: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it was said that somebody is waited for."""
    return any(line["event"] == "migration.waits" for line in logged)
