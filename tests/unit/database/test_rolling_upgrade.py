"""Programs of several versions on one database: what may be migrated when, and who can work on what."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text

from diarist.accounts.service import account_id as find_account
from diarist.accounts.service import add_account
from diarist.database.compatibility import require_compatible, until_compatible
from diarist.database.migrate import current, run, upgrade
from diarist.database.revisions import OURS, History, Phase
from diarist.database.session import Database
from diarist.errors import Misconfigured
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import Settings
from diarist.wiring import metadata, migration_lock
from made_revisions import following


@pytest.fixture
def later(tmp_path: Path) -> History:
    """The revisions of a version to come: ours, one that adds, one that takes away, one that adds."""
    return following(tmp_path)


async def go_to(settings: Settings, history: History, revision: str) -> None:
    await run(settings.database_url, metadata(), "upgrade", revision, history)


async def test_the_first_half_stops_before_what_takes_away_and_says_what_is_left(
    settings: Settings, database: Database, later: History
) -> None:
    lock = migration_lock(settings)
    first = await upgrade(settings.database_url, metadata(), lock=lock, phase=Phase.PRE, history=later)
    assert (first.before, first.now) == (OURS.head(), "9001")
    assert [(one.id, one.phase, one.title) for one in first.left] == [
        ("9002", Phase.POST, "Step 9002."),
        ("9003", Phase.PRE, "Step 9003."),
    ]
    again = await upgrade(settings.database_url, metadata(), lock=lock, phase=Phase.PRE, history=later)
    assert (again.before, again.now, again.left) == ("9001", "9001", first.left)
    rest = await upgrade(settings.database_url, metadata(), lock=lock, history=later, patience=0)
    assert (rest.before, rest.now, rest.left) == ("9001", "9003", ())


async def test_an_empty_database_gets_everything_at_once(settings: Settings, database: Database, later: History) -> None:
    await run(settings.database_url, metadata(), "downgrade", "base")
    done = await upgrade(settings.database_url, metadata(), lock=migration_lock(settings), phase=Phase.PRE, history=later)
    assert (done.before, done.now) == (None, "9003")


async def test_a_new_program_works_on_a_database_that_lacks_only_what_takes_away(
    settings: Settings, database: Database, later: History
) -> None:
    with pytest.raises(Misconfigured, match="9003") as refused:
        async with database.read() as session:
            await require_compatible(session, later)
    assert "diarist db upgrade" in refused.value.advice
    await go_to(settings, later, "9001")
    (later.folder / "versions" / "9003_step.py").unlink()
    shorter = History(later.folder / ".." / later.folder.name)
    async with database.read() as session:
        await require_compatible(session, shorter)


@pytest.mark.postgresql_only
async def test_an_old_program_goes_on_until_something_is_taken_away(
    settings: Settings, database: Database, later: History
) -> None:
    async with database.read() as session:
        await require_compatible(session)
    await go_to(settings, later, "9001")
    async with database.read() as session:
        await require_compatible(session)
    await go_to(settings, later, "9003")
    with pytest.raises(Misconfigured, match="9003"):
        async with database.read() as session:
            await require_compatible(session)
    # On the way back, too.
    await run(settings.database_url, metadata(), "downgrade", "9001", later)
    async with database.read() as session:
        await require_compatible(session)


async def test_an_old_program_never_migrates_a_newer_database(settings: Settings, database: Database, later: History) -> None:
    await go_to(settings, later, "9001")
    with pytest.raises(Misconfigured, match="9001"):
        await upgrade(settings.database_url, metadata(), lock=migration_lock(settings))
    assert await current(settings.database_url) == "9001"


async def test_a_worker_waits_until_somebody_has_migrated(settings: Settings, database: Database) -> None:
    await run(settings.database_url, metadata(), "downgrade", "base")
    waiting = asyncio.create_task(until_compatible(database, 0.01))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await go_to(settings, OURS, "head")
    async with asyncio.timeout(10):
        await waiting


async def test_many_who_migrate_at_once_do_it_once(settings: Settings, database: Database) -> None:
    await run(settings.database_url, metadata(), "downgrade", "base")
    lock = migration_lock(settings)
    done = await asyncio.gather(*(upgrade(settings.database_url, metadata(), lock=lock) for _ in range(4)))
    assert sorted(one.before or "" for one in done) == ["", *[OURS.head()] * 3]
    async with database.read() as session:
        await find_account(session)


async def test_rows_outlive_going_down_and_up(settings: Settings, database: Database, recording: RecordingRow) -> None:
    """Altering `accounts` on SQLite copies and drops it; what refers to it must stay."""
    async with database.write() as session:
        await add_account(session, "another")
    await run(settings.database_url, metadata(), "downgrade", "0001")
    await go_to(settings, OURS, "head")
    async with database.read() as session:
        assert (await session.scalars(select(RecordingRow.id))).all() == [recording.id]
        assert (await session.scalars(select(TaskRow.id))).all() == []


async def test_a_migration_that_fails_leaves_the_database_as_it_was(
    settings: Settings, database: Database, later: History
) -> None:
    bad = later.folder / "versions" / "9002_step.py"
    bad.write_text(bad.read_text().replace("DROP TABLE added", "DROP TABLE nothing"))
    with pytest.raises(Exception, match="nothing"):
        await go_to(settings, later, "9003")
    assert await current(settings.database_url) == OURS.head()
    async with database.write() as session:
        await session.execute(text("CREATE TABLE added (id INTEGER)"))


def test_every_revision_says_its_phase() -> None:
    assert {one.phase for one in OURS.revisions()} <= set(Phase)
    assert len(OURS.revisions()) == len(list((OURS.folder / "versions").glob("[0-9]*.py")))
