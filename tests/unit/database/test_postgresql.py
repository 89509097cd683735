"""What only PostgreSQL does: rows are locked, limits end waiting, and its errors say what to do."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.engine import make_url

from diarist.accounts.models import AccountRow
from diarist.accounts.service import add_account
from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.errors import DatabaseUnavailable, InvalidInput, Misconfigured, StorageFull, WrittenMeanwhile
from diarist.settings import DatabaseSettings
from postgres_server import PostgresServer, free_port

QUICK = DatabaseSettings(busy_timeout=0.2, statement_timeout=1, connect_timeout=2)


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create_migrated()
    yield url
    postgres.drop(url)


@pytest.fixture
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database.open(url, QUICK)
    yield database
    await database.close()


async def setting(database: Database, name: str, *, writing: bool) -> str:
    async with database.write() if writing else database.read() as session:
        return str(await session.scalar(text(f"SHOW {name}")))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
async def test_every_way_to_write_the_scheme_opens_it(url: str, scheme: str) -> None:
    database = Database.open(url.replace("postgresql", scheme, 1))
    try:
        async with database.read() as session:
            assert await session.scalar(select(func.count()).select_from(AccountRow)) == 1
    finally:
        await database.close()


async def test_reading_is_one_view_and_writing_sees_what_is_committed_meanwhile(opened: Database) -> None:
    counted = select(func.count()).select_from(AccountRow)
    async with opened.read() as reading, opened.write() as writing:
        assert (await reading.scalar(counted), await writing.scalar(counted)) == (1, 1)
        async with opened.write() as other:
            await add_account(other, "later")
        assert (await reading.scalar(counted), await writing.scalar(counted)) == (1, 2)


async def test_limits_hold_within_transactions_and_nothing_is_left_on_the_connection(url: str) -> None:
    database = Database.open(url, QUICK.model_copy(update={"pool_size": 1, "pool_overflow": 0}))
    try:
        for writing in (True, False):
            assert await setting(database, "statement_timeout", writing=writing) == "1s"
            assert await setting(database, "lock_timeout", writing=writing) == "200ms"
            assert await setting(database, "idle_in_transaction_session_timeout", writing=writing) == "10s"
        async with database.engine.connect() as connection:
            await connection.execution_options(diarist_transaction="none")
            assert await connection.scalar(text("SHOW statement_timeout")) == "0"
            assert await connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    finally:
        await database.close()


async def test_moments_are_in_utc_wherever_the_server_is(url: str, opened: Database) -> None:
    async with opened.write() as session:
        await session.execute(text(f"ALTER DATABASE {make_url(url).database} SET TimeZone = 'Asia/Kolkata'"))
    elsewhere = Database.open(url)
    try:
        async with elsewhere.read() as session:
            assert await session.scalar(text("SHOW TimeZone")) == "Asia/Kolkata"
            created = await session.scalar(select(AccountRow.created_at))
    finally:
        await elsewhere.close()
    assert created is not None
    assert created.utcoffset() == timedelta()


async def test_two_writers_of_different_rows_do_not_wait_and_of_the_same_row_not_for_ever(opened: Database) -> None:
    async with opened.write() as one:
        await add_account(one, "mine")
        await one.execute(update(AccountRow).where(AccountRow.name == "local").values(time_zone="Asia/Tokyo"))
        async with opened.write() as other:
            await add_account(other, "yours")
        with pytest.raises(DatabaseUnavailable, match="lock"):
            async with opened.write() as other:
                await other.execute(update(AccountRow).where(AccountRow.name == "local").values(time_zone="UTC"))


async def test_a_deadlock_is_worth_a_retry(url: str) -> None:
    patient = Database.open(url)
    names = ("a", "b")

    async def change(first: str, second: str, both: asyncio.Barrier) -> None:
        async with patient.write() as session:
            await session.execute(update(AccountRow).where(AccountRow.name == first).values(time_zone="UTC"))
            await both.wait()
            await session.execute(update(AccountRow).where(AccountRow.name == second).values(time_zone="UTC"))

    try:
        async with patient.write() as session:
            for name in names:
                await add_account(session, name)
        both = asyncio.Barrier(2)
        outcomes = await asyncio.gather(change("a", "b", both), change("b", "a", both), return_exceptions=True)
        (error,) = [outcome for outcome in outcomes if outcome is not None]
        assert isinstance(error, DatabaseUnavailable)
        assert error.retryable
    finally:
        await patient.close()


async def test_whoever_writes_the_same_in_the_same_moment_is_told_to_try_again(url: str) -> None:
    patient = Database.open(url)
    both = asyncio.Barrier(2)

    async def add() -> None:
        async with patient.write() as session:
            await both.wait()
            # The later one waits for the earlier to commit; then the names clash.
            session.add(AccountRow(id=new_id(), name="twin"))

    try:
        outcomes = await asyncio.gather(add(), add(), return_exceptions=True)
    finally:
        await patient.close()
    (error,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(error, WrittenMeanwhile)
    assert error.retryable


async def test_a_statement_that_takes_too_long_is_given_up(opened: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="took too long"):
        async with opened.read() as session:
            await session.execute(text("SELECT pg_sleep(30)"))


async def test_what_postgresql_cannot_store_is_bad_input_and_is_not_repeated_in_the_error(opened: Database) -> None:
    for name in ("secret\x00", "secret" * 100, "secret\ud800"):
        with pytest.raises(InvalidInput) as refused:
            async with opened.write() as session:
                session.add(AccountRow(id=new_id(), name=name))
        assert "secret" not in str(refused.value)


async def test_nul_and_half_characters_survive_in_json(database: Database, account_id: object) -> None:
    odd = {"text": "a\x00b\ud800c"}
    async with database.write() as session:
        await session.execute(text("CREATE TABLE odd (id INTEGER PRIMARY KEY, value JSON)"))
    from sqlalchemy import JSON, Column, Integer, MetaData, Table

    table = Table("odd", MetaData(), Column("id", Integer, primary_key=True), Column("value", JSON))
    async with database.write() as session:
        await session.execute(table.insert().values(id=1, value=odd))
    async with database.read() as session:
        assert await session.scalar(select(table.c.value)) == odd


async def test_details_of_a_broken_rule_do_not_quote_the_row(opened: Database) -> None:
    with pytest.raises(Exception, match="not-null") as broken:
        async with opened.write() as session:
            await session.execute(
                text("INSERT INTO accounts (id, time_zone, created_at) VALUES (gen_random_uuid(), :said, now())"),
                {"said": "what was said"},
            )
    assert "what was said" not in str(broken.value)


async def test_a_connection_that_the_server_ended_is_replaced(postgres: PostgresServer, url: str, opened: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with opened.write() as session:
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with opened.read() as session:
        await session.execute(text("SELECT 1"))
    # While nobody looks, too.
    ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'"
    postgres.execute(ended.format(make_url(url).database))
    async with opened.read() as session:
        assert await session.scalar(text("SELECT 1")) == 1


@pytest.mark.slow
async def test_a_lost_answer_is_not_waited_for_for_ever(url: str) -> None:
    """The packets of the server are lost, so that its own limits cannot be heard."""
    lost = asyncio.Event()
    server = make_url(url)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool) -> None:
        while data := await reader.read(65536):
            if not (back and lost.is_set()):
                writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(server.host, server.port)
        await asyncio.gather(carry(reader, far_writer, back=False), carry(far_reader, writer, back=True))

    port = free_port()
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        from diarist.database import postgresql

        database = Database.open(server.set(port=port).render_as_string(hide_password=False), QUICK)
        try:
            with pytest.raises(DatabaseUnavailable):
                async with asyncio.timeout(postgresql._GRACE + 15), database.write() as session:
                    await session.execute(text("SELECT 1"))
                    lost.set()
                    await session.execute(text("SELECT 1"))
        finally:
            await database.close()


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [
        ("53100", StorageFull, "full"),
        ("53300", DatabaseUnavailable, "too many"),
        ("40001", DatabaseUnavailable, "another transaction"),
        ("57P01", DatabaseUnavailable, "restarted"),
        ("57P03", DatabaseUnavailable, "starting"),
        ("42501", DatabaseUnavailable, "may not"),
    ],
)
async def test_what_the_server_says_becomes_an_error_of_ours(opened: Database, state: str, kind: type, said: str) -> None:
    with pytest.raises(kind, match=said):
        async with opened.write() as session:
            await session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'as it would be' USING ERRCODE = '{state}'; END $$"))


async def test_more_work_than_connections_is_unavailable_for_a_moment(url: str) -> None:
    database = Database.open(url, QUICK.model_copy(update={"pool_size": 1, "pool_overflow": 0}))
    try:
        async with database.read() as session:
            await session.execute(text("SELECT 1"))
            with pytest.raises(DatabaseUnavailable, match="in use"):
                async with database.write() as other:
                    await other.execute(text("SELECT 1"))
                    pytest.fail("there was only one")
    finally:
        await database.close()


async def test_a_server_that_is_not_there_and_a_database_that_is_not_are_told_apart(postgres: PostgresServer) -> None:
    refused = f"postgresql://somebody:hidden@127.0.0.1:{free_port()}/diarist"
    for url, advice in ((refused, "Start the server"), (postgres.url_of("not_there"), "createdb")):
        database = Database.open(url, QUICK)
        try:
            with pytest.raises(DatabaseUnavailable) as told:
                async with database.read() as session:
                    await session.execute(text("SELECT 1"))
        finally:
            await database.close()
        assert advice in told.value.advice
        assert "hidden" not in str(told.value)


def test_a_url_that_cannot_be_read_is_not_shown() -> None:
    for url in ("postgresql://me:hidden@host:port/diarist", "postgrex://me:hidden@host/diarist", "me:hidden@host"):
        with pytest.raises(Misconfigured, match="DIARIST_DATABASE__URL") as told:
            Database.open(url)
        assert "hidden" not in str(told.value)


@pytest.mark.slow
def test_without_psycopg_one_is_told_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from diarist.database.session import Database\n"
        "from diarist.errors import Misconfigured\n"
        "try: Database.open('postgresql://localhost/diarist')\n"
        "except Misconfigured as error: print(error.advice)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'diarist[fleet]'" in ran.stdout
