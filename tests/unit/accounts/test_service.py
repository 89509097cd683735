from datetime import time

import pytest

from diarist.accounts.service import account_id, add_account, list_accounts, set_days, set_limit
from diarist.database.session import Database
from diarist.domain.days import Days, zone_of
from diarist.errors import Conflict, InvalidInput, NotFound


async def test_an_added_account_is_listed_by_name(database: Database) -> None:
    async with database.write() as session:
        await add_account(session, "zoe")
        await add_account(session, "anna-2")
    async with database.read() as session:
        assert [account.name for account in await list_accounts(session)] == ["anna-2", "local", "zoe"]


async def test_a_name_is_taken_once(database: Database) -> None:
    with pytest.raises(Conflict, match="local"):
        async with database.write() as session:
            await add_account(session, "local")


@pytest.mark.parametrize("name", ["", "Anna", "a b", "-a", "a-", "../x", "a" * 81, "ä", "a\n"])
async def test_a_name_that_could_be_misread_is_refused(database: Database, name: str) -> None:
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await add_account(session, name)


async def test_an_unknown_account_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="nobody"):
        async with database.read() as session:
            await account_id(session, "nobody")


async def test_an_account_is_limited_and_freed_again(database: Database) -> None:
    async with database.write() as session:
        assert (await set_limit(session, "local", 3)).max_running == 3
    async with database.write() as session:
        assert (await set_limit(session, "local", None)).max_running is None
    with pytest.raises(InvalidInput):
        async with database.write() as session:
            await set_limit(session, "local", 0)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await set_limit(session, "nobody", 1)


async def test_days_are_those_of_utc_from_four_on_until_an_account_says_otherwise(database: Database) -> None:
    async with database.write() as session:
        await add_account(session, "zoe")
        await add_account(session, "anna", "Asia/Tokyo")
    async with database.write() as session:
        await set_days(session, "zoe", time_zone="America/New_York", begins=None)
    async with database.write() as session:
        await set_days(session, "anna", time_zone=None, begins=time(0))
    async with database.read() as session:
        found = {account.name: account.days for account in await list_accounts(session)}
    assert found["zoe"] == Days(zone=zone_of("America/New_York"))
    assert found["anna"] == Days(zone=zone_of("Asia/Tokyo"), begins=time(0))


async def test_days_that_nobody_has_are_refused(database: Database) -> None:
    for name, zone, error in (("nobody", "UTC", NotFound), ("local", "Moon/Tycho", InvalidInput)):
        with pytest.raises(error):
            async with database.write() as session:
                await set_days(session, name, time_zone=zone, begins=None)
