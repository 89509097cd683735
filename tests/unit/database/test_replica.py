"""Reads from a real streaming replica: whoever has written sees what was written, whatever the replica has replayed."""

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.accounts.service import add_account
from diarist.database.replica import Position, position
from diarist.database.session import Database
from diarist.errors import DatabaseUnavailable, InvalidInput, Misconfigured
from diarist.settings import DatabaseSettings
from postgres_replica import Pair, replica_url, replicated
from postgres_server import free_port


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with replicated() as pair:
        yield pair


@pytest.fixture
async def both(pair: Pair, migrated: str) -> AsyncIterator[Database]:
    """A database, and its copy that has caught up."""
    database = Database.open(migrated, DatabaseSettings(replica_url=replica_url(pair, migrated)))
    yield database
    await database.close()


@pytest.fixture
def migrated(pair: Pair) -> Iterator[str]:
    url = pair.primary.create_migrated()
    pair.go_on()
    yield url
    pair.go_on()
    pair.primary.drop(url)


async def is_replica(session: AsyncSession) -> bool:
    return bool(await session.scalar(text("SELECT pg_is_in_recovery()")))


async def add(database: Database, name: str) -> Position:
    async with database.write() as session:
        await add_account(session, name)
    written_at = await database.position()
    assert written_at is not None
    return written_at


async def names(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(AccountRow.name).order_by(AccountRow.name)))


@pytest.mark.slow
async def test_reads_go_to_the_replica_and_to_the_primary_where_they_may_not_lag(both: Database) -> None:
    async with both.read_replica() as session:
        assert await is_replica(session)
        assert await names(session) == ["local"]
    async with both.read() as session:
        assert not await is_replica(session)


@pytest.mark.slow
async def test_its_pool_is_told_of_beside_the_primary_s(both: Database) -> None:
    async with both.read_replica() as session:
        assert (await session.connection()).engine.url == both.engines[1].url
    async with both.read() as session:
        assert (await session.connection()).engine.url == both.engines[0].url


@pytest.mark.slow
async def test_whoever_has_written_sees_it_while_the_replica_is_behind(pair: Pair, both: Database) -> None:
    pair.hold()
    written_at = await add(both, "mine")
    async with both.read_replica() as session:
        assert await is_replica(session)
        assert await names(session) == ["local"], "the replica was not behind"
    async with both.read_replica(written_at) as session:
        assert not await is_replica(session)
        assert await names(session) == ["local", "mine"]
    pair.go_on()
    async with both.read_replica(written_at) as session:
        assert await is_replica(session)
        assert await names(session) == ["local", "mine"]


@pytest.mark.slow
async def test_a_view_of_the_replica_stays_as_it_began(pair: Pair, both: Database) -> None:
    async with both.read_replica() as session:
        before = await names(session)
        await add(both, "later")
        pair.go_on()
        assert await names(session) == before


@pytest.mark.slow
async def test_nothing_can_be_written_by_reading(both: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="read"):
        async with both.read_replica() as session:
            await add_account(session, "ghost")
            await session.flush()


@pytest.mark.slow
async def test_a_replica_that_is_away_or_is_none_leaves_it_to_the_primary(migrated: str) -> None:
    away = f"postgresql://postgres@127.0.0.1:{free_port()}/postgres"
    for url in (away, migrated):
        database = Database.open(migrated, DatabaseSettings(replica_url=url))
        try:
            for _ in range(2):
                async with database.read_replica(await database.position()) as session:
                    assert not await is_replica(session)
        finally:
            await database.close()


async def test_without_a_replica_there_is_nothing_to_remember(database: Database) -> None:
    assert await database.position() is None
    async with database.read_replica(None) as session:
        assert await names(session) == ["local"]
    async with database.read_replica(Position("FFFFFFFF/0")) as session:
        assert await names(session) == ["local"]


def test_a_position_from_outside_is_looked_at() -> None:
    assert position("16/B374D848") == "16/B374D848"
    for value in ("", "16", "16/B374D848'; DROP TABLE tasks", "x/1", "123456789/0"):
        with pytest.raises(InvalidInput):
            position(value)


def test_only_postgresql_has_replicas() -> None:
    with pytest.raises(Misconfigured, match="REPLICA_URL"):
        Database.open("sqlite+aiosqlite:///:memory:", DatabaseSettings(replica_url="postgresql://host/diarist"))
