"""The zone of the machine is written down when a diary begins on it; a shared database stays in UTC."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from diarist.accounts.service import list_accounts
from diarist.database.migrate import run
from diarist.database.session import Database
from diarist.settings import Settings
from diarist.settings.time_zone import machine_zone
from diarist.wiring import metadata

PROGRAM = "from diarist.settings.time_zone import machine_zone; print(machine_zone())"


@pytest.mark.parametrize(
    ("variable", "zone"),
    [("Europe/Berlin", "Europe/Berlin"), ("UTC", "UTC"), ("Etc/UTC", "UTC"), ("Nowhere/Atall", "UTC")],
)
def test_it_is_what_the_environment_says(variable: str, zone: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "TZ": variable}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == zone


async def test_a_diary_on_this_machine_begins_in_its_zone(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diarist.settings.time_zone.machine_zone", lambda: "Asia/Tokyo")
    await run(settings.database_url, metadata(), "downgrade", "0011")
    await run(settings.database_url, metadata(), "upgrade", "head")

    async with database.read() as session:
        zones = [account.time_zone for account in await list_accounts(session)]
        kind = (await session.connection()).dialect.name
        assert (await session.scalar(text("SELECT count(*) FROM accounts"))) == 1
    assert zones == (["Asia/Tokyo"] if kind == "sqlite" else ["UTC"])


def test_here_it_is_one_that_there_is() -> None:
    assert machine_zone()
