"""Against servers that are not there; that a reader sees what it wrote stands in e2e/test_reading_own_writes.py."""

from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.http.freshness import Freshness
from diarist.settings import DatabaseSettings
from postgres_server import free_port


async def test_a_write_that_cannot_be_remembered_is_a_write_all_the_same() -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    database = Database.open(nowhere, DatabaseSettings(replica_url=nowhere))
    try:
        async with Freshness.open(database, f"redis://127.0.0.1:{free_port()}/0") as freshness:
            await freshness.wrote(new_id())
    finally:
        await database.close()


async def test_where_nothing_is_remembered_the_primary_is_asked() -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    database = Database.open(nowhere, DatabaseSettings(replica_url=nowhere))
    try:
        async with Freshness.open(database, f"redis://127.0.0.1:{free_port()}/0") as freshness:
            assert await freshness.reading(new_id()) is database
    finally:
        await database.close()
