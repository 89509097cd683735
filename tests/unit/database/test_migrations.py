import warnings
from pathlib import Path
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from diarist.accounts.service import LOCAL, account_id, list_accounts
from diarist.database.migrate import current, run, upgrade
from diarist.database.revisions import OURS
from diarist.database.session import Database
from diarist.errors import Misconfigured
from diarist.settings import Settings
from diarist.wiring import metadata, migrate, migration_lock, prepare


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    with warnings.catch_warnings():
        # Looked at by the test that follows.
        warnings.filterwarnings("ignore", message=".*expression-based index")
        return list(compare_metadata(context, metadata()))


async def test_the_migrated_tables_are_those_of_the_code(database: Database) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_order_in_which_recordings_were_spoken_has_an_index(database: Database) -> None:
    """A migration that makes a table anew on SQLite loses such an index unless it makes it again, and nothing else tells so."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    order = "coalesce(recorded_at, created_at) DESC, id DESC"
    wanted = f"SELECT id FROM recordings WHERE account_id = '{UUID(int=1)}' ORDER BY {order}"  # noqa: S608 - nothing but our own
    async with database.read() as session:
        if not is_sqlite:
            # Of an empty table anything is read faster as a whole.
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            await session.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = str((await session.execute(text(f"{explain} {wanted}"))).all())
    assert "ix_recordings_account_id_spoken_at" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


async def test_a_fresh_database_holds_the_local_account(database: Database) -> None:
    async with database.read() as session:
        assert [account.name for account in await list_accounts(session)] == [LOCAL]
        assert isinstance(await account_id(session), UUID)


async def test_down_takes_every_table_away_and_up_brings_them_back(settings: Settings, database: Database) -> None:
    await run(settings.database_url, metadata(), "downgrade", "base")
    async with database.engine.connect() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert left == ["alembic_version"]
    await run(settings.database_url, metadata(), "upgrade", "head")
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_preparing_twice_changes_nothing(settings: Settings) -> None:
    await prepare(settings)
    assert await current(settings.database_url) == OURS.head()
    done = await upgrade(settings.database_url, metadata(), lock=migration_lock(settings))
    assert (done.before, done.now, done.left) == (OURS.head(), OURS.head(), ())


async def test_a_database_of_a_newer_version_is_left_alone(settings: Settings, database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Misconfigured, match="9999"):
        await migrate(settings)


async def test_every_row_belongs_to_an_account_but_what_holds_for_all(settings: Settings) -> None:
    owned = {table.name for table in metadata().tables.values() if "account_id" in table.columns}
    assert set(metadata().tables) - owned == {"accounts", "event_log", "model_measurements", "sweeps"}


def test_revisions_stand_in_one_line() -> None:
    numbers = sorted(int(path.name.partition("_")[0]) for path in Path(OURS.folder / "versions").glob("[0-9]*.py"))
    assert numbers == list(range(1, len(numbers) + 1))
