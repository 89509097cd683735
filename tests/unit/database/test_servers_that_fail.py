"""A PostgreSQL that is killed, and a program that stands still in the middle of a transaction."""

import asyncio
import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import text, update

from diarist.accounts.models import AccountRow
from diarist.accounts.service import add_account, list_accounts
from diarist.database.session import Database
from diarist.errors import DatabaseUnavailable
from postgres_server import PATIENCE, PostgresServer, command, free_port, private_folder, start, stop

DURABLE = ("fsync=on", "max_connections=20")


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create_migrated()
    yield url
    postgres.drop(url)


@pytest.mark.slow
async def test_what_was_committed_outlives_a_killed_server_and_work_goes_on() -> None:
    with private_folder() as folder:
        data, port = folder / "data", free_port()
        command("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        process = start(data, port, DURABLE)
        server = PostgresServer(f"postgresql://postgres@127.0.0.1:{port}/postgres")
        database = Database.open(await asyncio.to_thread(server.create_migrated))
        try:
            async with database.write() as session:
                await add_account(session, "kept")
            with pytest.raises(DatabaseUnavailable):
                async with database.write() as session:
                    await add_account(session, "lost")
                    await asyncio.to_thread(stop, process, signal.SIGKILL)
            with pytest.raises(DatabaseUnavailable):
                async with database.read() as session:
                    await list_accounts(session)
            process = await asyncio.to_thread(start, data, port, DURABLE)
            async with database.read() as session:
                assert [account.name for account in await list_accounts(session)] == ["kept", "local"]
        finally:
            await database.close()
            await asyncio.to_thread(stop, process)


@pytest.mark.slow
async def test_rows_of_a_transaction_that_stands_still_are_let_go(url: str) -> None:
    still, other = Database.open(url), Database.open(url)
    rename = update(AccountRow).where(AccountRow.name == "local").values(time_zone="Asia/Tokyo")
    try:
        with pytest.raises(DatabaseUnavailable, match=r"stood still|broke"):
            async with still.write() as session:
                await session.execute(rename)
                async with asyncio.timeout(PATIENCE), other.write() as living:
                    await living.execute(rename)
                await session.execute(text("SELECT 1"))
    finally:
        await still.close()
        await other.close()
