"""What holds for an account, and what it has used."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from access_keys import bearing, new_key
from diarist.domain.access import Permission
from diarist.settings import HttpSettings, Settings
from diarist.settings.access import LimitSettings
from diarist.settings.llm import LlmSettings
from served import served


@pytest.fixture(scope="module")
def limited(lasting_settings: Settings) -> Settings:
    """For keys, with a budget and quotas for all."""
    return lasting_settings.model_copy(
        update={
            "http": HttpSettings(require_key=True),
            "llm": LlmSettings(day_usd=Decimal(2)),
            "limits": LimitSettings(audio_hours_a_month=10, stored_bytes=10**9),
        }
    )


@pytest.fixture(scope="module")
def guarded(limited: Settings) -> Iterator[httpx.Client]:
    with served(limited) as client:
        client.headers.update(bearing(new_key(limited.database_url, account="anna")))
        yield client


def test_what_was_changed_holds_and_the_rest_stays(guarded: httpx.Client) -> None:
    before = guarded.get("/v1/account").json()
    change: dict[str, Any] = {
        "time_zone": "Asia/Tokyo", "day_begins": "03:30", "hints": {"languages": ["de", "ja"]}, "archive_format": "opus",
        "archive_after_days": 90, "language_models": {"privacy": "self_hosted", "day_usd": "0.50", "kinds": ["email", "person"]},
    }  # fmt: skip
    changed = guarded.patch("/v1/account", json=change)
    assert changed.status_code == 200, changed.text
    now = guarded.get("/v1/account")
    assert changed.json() == now.json()
    assert changed.headers["ETag"] == now.headers["ETag"]
    told = now.json()
    assert (told["time_zone"], told["day_begins"], told["archive_format"]) == ("Asia/Tokyo", "03:30", "opus")
    assert told["hints"]["languages"] == ["de", "ja"]
    terms = told["language_models"]
    assert (terms["privacy"], terms["day_usd"], sorted(terms["kinds"])) == ("self_hosted", "0.50", ["email", "person"])
    assert sorted(terms["own"]) == ["day_usd", "kinds", "privacy"]
    back = guarded.patch("/v1/account", json={"language_models": {"privacy": None, "kinds": None}, "hints": None}).json()
    assert back["language_models"]["own"] == ["day_usd"]
    assert back["language_models"]["privacy"] == before["language_models"]["privacy"]
    assert (back["hints"], back["time_zone"]) == (None, "Asia/Tokyo")


def test_nobody_allows_themselves_to_spend_more(guarded: httpx.Client, limited: Settings) -> None:
    headers = bearing(new_key(limited.database_url, account="zoe"))
    for wider in ("2.01", "1000"):
        answer = guarded.patch("/v1/account", json={"language_models": {"day_usd": wider}}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "budget_too_wide")
    assert guarded.get("/v1/account", headers=headers).json()["language_models"]["own"] == []
    less = guarded.patch("/v1/account", json={"language_models": {"day_usd": "1", "month_usd": "5"}}, headers=headers)
    assert less.json()["language_models"]["month_usd"] == "5"
    assert guarded.patch("/v1/account", json={"language_models": {"month_usd": None}}, headers=headers).status_code == 403


def test_who_sits_at_the_machine_says_what_it_may_cost(client: httpx.Client) -> None:
    assert client.patch("/v1/account", json={"language_models": {"day_usd": "1"}}).status_code == 200
    freed = client.patch("/v1/account", json={"language_models": {"day_usd": None}}).json()
    assert freed["language_models"]["own"] == []


@pytest.mark.parametrize(
    "change",
    [
        {}, {"time_zone": "Mars/Olympus"}, {"day_begins": "12:01"}, {"day_begins": "4:00"}, {"quotas": {"jobs": 5}},
        {"max_running": 5}, {"language_models": {"privacy": "friends"}}, {"language_models": {"day_usd": -1}},
        {"archive_after_days": 0}, {"name": "b"},
    ],
)  # fmt: skip
def test_what_is_not_ones_own_to_say_is_refused(guarded: httpx.Client, change: dict[str, Any]) -> None:
    assert guarded.patch("/v1/account", json=change).status_code == 422


def test_who_may_read_looks_and_who_manages_changes(guarded: httpx.Client, limited: Settings) -> None:
    reader = bearing(new_key(limited.database_url, Permission.READ, Permission.EDIT))
    assert guarded.get("/v1/account", headers=reader).status_code == 200
    assert guarded.get("/v1/usage", headers=reader).status_code == 200
    refused = guarded.patch("/v1/account", json={"time_zone": "UTC"}, headers=reader)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_permission")


def test_a_change_that_was_not_seen_is_not_lost(guarded: httpx.Client) -> None:
    seen = {"If-Match": guarded.get("/v1/account").headers["ETag"]}
    assert guarded.patch("/v1/account", json={"archive_after_days": 31}, headers=seen).status_code == 200
    assert guarded.patch("/v1/account", json={"archive_after_days": 32}, headers=seen).status_code == 412
    assert guarded.get("/v1/account").json()["archive_after_days"] == 31


def test_what_is_given_is_counted_against_what_may_be(guarded: httpx.Client, another: bytes, limited: Settings) -> None:
    headers = bearing(new_key(limited.database_url, account="carla"))
    nothing = guarded.get("/v1/usage", headers=headers).json()
    assert (nothing["recordings"], nothing["audio_hours"], nothing["stored_bytes"]) == (
        0, {"used": 0.0, "limit": 10.0}, {"used": 0, "limit": 10**9},
    )  # fmt: skip
    given = guarded.post("/v1/recordings", files={"file": another}, headers=headers).json()
    usage = guarded.get("/v1/usage", headers=headers).json()
    assert usage["audio_hours"]["used"] == pytest.approx(2 / 3600, abs=1e-4)
    assert usage["stored_bytes"]["used"] == given["size_bytes"]
    assert usage["unfinished_jobs"] == {"used": 1, "limit": None}
    assert usage["day_usd"] == {"used": "0", "limit": "2"}
    days = guarded.get("/v1/usage/days", headers=headers).json()
    today = given["created_at"][:10]
    assert [day["date"] for day in days] == [f"{today[:8]}{number:02}" for number in range(1, int(today[8:]) + 1)]
    assert (days[-1]["recordings"], days[-1]["stored_bytes"]) == (1, given["size_bytes"])
    assert sum(day["recordings"] for day in days[:-1]) == 0


@pytest.mark.parametrize("query", ["since=2026-01-02&until=2026-01-01", "since=2024-01-01&until=2026-01-01", "since=1"])
def test_days_of_use_are_some_and_in_order(guarded: httpx.Client, query: str) -> None:
    assert guarded.get(f"/v1/usage/days?{query}").status_code == 422


def test_one_day_of_use_can_be_asked_for(guarded: httpx.Client) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert len(guarded.get(f"/v1/usage/days?since={today}&until={today}&fields=date").json()) == 1
