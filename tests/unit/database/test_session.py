import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from diarist.accounts.models import AccountRow
from diarist.accounts.service import add_account
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database, after_commit
from diarist.errors import DatabaseUnavailable, Misconfigured
from diarist.recordings.models import RecordingRow
from diarist.settings import DatabaseSettings, Settings


async def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await add_account(session, "half")
            raise RuntimeError
    async with database.read() as session:
        assert await session.scalar(select(AccountRow).where(AccountRow.name == "half")) is None


async def test_callbacks_run_after_a_commit_and_never_without_one(database: Database) -> None:
    called: list[str] = []
    async with database.write() as session:
        after_commit(session, lambda: called.append("committed"))
        assert called == []
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            after_commit(session, lambda: called.append("rolled back"))
            raise RuntimeError
    assert called == ["committed"]


async def test_what_is_changed_while_reading_is_thrown_away(database: Database) -> None:
    # PostgreSQL refuses it.
    with suppress(DatabaseUnavailable):
        async with database.read() as session:
            await add_account(session, "ghost")
    async with database.read() as session:
        assert await session.scalar(select(AccountRow).where(AccountRow.name == "ghost")) is None


@pytest.mark.sqlite_only
async def test_many_writers_queue_up_instead_of_failing(database: Database) -> None:
    async def one(number: int) -> None:
        async with database.write() as session:
            before = len((await session.scalars(select(AccountRow.id))).all())
            await asyncio.sleep(0)
            await add_account(session, f"account-{number}-{before}")

    await asyncio.gather(*(one(number) for number in range(20)))
    async with database.read() as session:
        names = (await session.scalars(select(AccountRow.name).where(AccountRow.name.startswith("account-")))).all()
    # Each saw all that were there before it: no two ran at once.
    assert sorted(int(name.rpartition("-")[2]) for name in names) == list(range(1, 21))


async def test_a_row_cannot_belong_to_an_account_that_is_not_there(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(RecordingRow(id=new_id(), account_id=new_id(), sha256="0", size_bytes=1, filename="a", blob_key="a"))


async def test_moments_come_back_in_utc(database: Database) -> None:
    async with database.write() as session:
        account = await add_account(session, "timely")
    async with database.read() as session:
        created = await session.scalar(select(AccountRow.created_at).where(AccountRow.id == account.id))
    assert created is not None
    assert created.utcoffset() == utc_now().utcoffset()
    assert abs((utc_now() - created).total_seconds()) < 60


@pytest.mark.sqlite_only
async def test_a_locked_database_is_unavailable_not_broken(settings: Settings, database: Database) -> None:
    impatient = Database.open(settings.database_url, DatabaseSettings(busy_timeout=0.05))
    try:
        async with database.write() as session:
            await session.execute(text("SELECT 1"))
            with pytest.raises(DatabaseUnavailable):
                async with impatient.write():
                    pytest.fail("two writers at once")
    finally:
        await impatient.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://here/there"])
def test_a_bad_url_is_a_matter_of_settings(url: str) -> None:
    with pytest.raises(Misconfigured, match="DIARIST_DATABASE__URL"):
        Database.open(url)


def test_ids_sort_by_the_moment_they_were_made() -> None:
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(ids)
