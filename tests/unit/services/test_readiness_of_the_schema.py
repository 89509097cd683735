import pytest

from diarist.database.migrate import run
from diarist.database.session import Database
from diarist.errors import Misconfigured
from diarist.services.readiness import stores
from diarist.settings import Settings
from diarist.wiring import metadata, open_runtime


async def test_nobody_is_ready_before_the_database_is_migrated(settings: Settings, database: Database) -> None:
    async with open_runtime(settings, None) as runtime:
        schema = stores(runtime)["migrations"]
        await schema()
        await run(settings.database_url, metadata(), "downgrade", "0001")
        with pytest.raises(Misconfigured) as told:
            await schema()
    assert "0001" in told.value.message
    assert "diarist db upgrade" in told.value.advice
