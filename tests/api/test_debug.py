"""`/debug` is there only where it is wanted, and only for those who manage."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from access_keys import bearing, new_key
from command_line import CommandLine
from diarist.accounts.keys.secret import new_secret
from diarist.domain.access import Permission
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.wiring import prepare
from scraped import private_address
from waiting import PATIENCE

PATHS = ("/debug/profile?seconds=0.1", "/debug/tasks", "/debug/memory")


def address_of(settings: Settings, *, debug: bool) -> Iterator[str]:
    wanted = settings.model_copy(update={"http": settings.http.model_copy(update={"debug": debug})})
    asyncio.run(prepare(settings))
    with private_address(wanted, Metrics.open("standalone")) as address:
        yield address


@pytest.fixture
def wanted(settings: Settings) -> Iterator[str]:
    yield from address_of(settings, debug=True)


@pytest.fixture
def unwanted(settings: Settings) -> Iterator[str]:
    yield from address_of(settings, debug=False)


def statuses(address: str, shown: dict[str, str]) -> set[int]:
    return {httpx.get(f"{address}{path}", headers=shown, timeout=PATIENCE, trust_env=False).status_code for path in PATHS}


def test_without_a_key_or_with_a_wrong_one_nothing_is_told_and_with_the_right_one_all(wanted: str, settings: Settings) -> None:
    url = settings.database_url
    narrow = bearing(new_key(url, Permission.READ, Permission.ADD, Permission.EDIT))
    right = new_key(url, Permission.MANAGE)
    assert statuses(wanted, {}) == {401}
    assert statuses(wanted, bearing(new_secret())) == {401}
    assert statuses(wanted, narrow) == {403}
    assert statuses(wanted, bearing(right)) == {200}
    assert httpx.get(f"{wanted}/debug/profile?seconds=99", headers=bearing(right), trust_env=False).status_code == 422
    assert httpx.get(f"{wanted}/health/live", trust_env=False).status_code == 200


def test_the_command_asks_with_the_key_and_writes_what_is_drawn(wanted: str, settings: Settings, tmp_path: Path) -> None:
    asking = ("debug", "profile", "--url", wanted, "--seconds", "0.2", "--waiting")
    refused = CommandLine(tmp_path).run(*asking)
    assert (refused.status, refused.out) == (22, "")
    assert "DIARIST_API_KEY" in refused.err
    line = CommandLine(tmp_path, API_KEY=new_key(settings.database_url, Permission.MANAGE))
    file = tmp_path / "profile.json"
    told = line.run(*asking, "-o", file, "--json").json["profile"]
    assert any("private port" in stack for stack in told["stacks"])
    drawn = json.loads(file.read_text())
    (one,) = drawn["profiles"]
    assert len(one["samples"]) == len(one["weights"]) == len(told["stacks"])
    assert max(number for stack in one["samples"] for number in stack) < len(drawn["shared"]["frames"])
    assert "selectors" in line.run(*asking).out


def test_unless_it_is_wanted_it_is_not_there(unwanted: str, settings: Settings) -> None:
    right = bearing(new_key(settings.database_url, Permission.MANAGE))
    assert statuses(unwanted, right) == statuses(unwanted, {}) == {404}
