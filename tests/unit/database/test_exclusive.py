import pytest

from diarist.database.exclusive import try_exclusive
from diarist.database.session import Database


@pytest.mark.postgresql_only
async def test_one_of_many_has_it_until_its_transaction_ends(database: Database) -> None:
    async with database.write() as first, database.write() as second:
        assert await try_exclusive(first, "sweep")
        assert not await try_exclusive(second, "sweep")
        assert await try_exclusive(second, "another thing")
    async with database.write() as third:
        assert await try_exclusive(third, "sweep")


async def test_whoever_fails_lets_go(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as first:
            assert await try_exclusive(first, "sweep")
            raise RuntimeError
    async with database.write() as second:
        assert await try_exclusive(second, "sweep")
