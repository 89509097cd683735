"""Costs over HTTP and on the command line tell one sum."""

from __future__ import annotations

import json
from decimal import Decimal

import httpx
import pytest

from diarist.settings import Settings
from diarist.settings.costs import CostSettings
from served import served


def test_a_month_tells_what_was_moved_and_how_it_is_priced(settings: Settings, another: bytes) -> None:
    priced = settings.model_copy(update={"costs": CostSettings(gb_in=Decimal(10**6), gb_out=Decimal(0), gb_month=Decimal(730))})
    with served(priced) as client:
        sent = client.post("/v1/recordings", files={"file": another}).json()
        stored = sent["size_bytes"]
        alone = client.get(f"/v1/costs/recordings/{sent['id']}").json()
    assert Decimal(alone["total"]["parts"]["network"]) * 1000 == stored
    with served(priced) as client:
        month = client.get("/v1/costs").json()
    assert month["prices"]["given"]
    assert month["total"]["used"]["bytes_in"] >= stored
    assert month["audio_hours"] == pytest.approx(2 / 3600, abs=1e-4)
    for lines in (month["days"], month["stages"]):
        assert sum(Decimal(one["cost"]) for one in lines) == Decimal(month["total"]["cost"])
    assert sum(map(Decimal, month["total"]["parts"].values())) == Decimal(month["total"]["cost"])
    assert month["forecast"]["expected"] is not None


def test_without_prices_it_says_so(client: httpx.Client) -> None:
    month = client.get("/v1/costs").json()
    assert [one["code"] for one in month["notices"]] == ["prices_not_set"]
    assert (month["total"]["cost"], month["per_audio_hour"], month["forecast"]) == ("0", None, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?month=2026-13", 422),
        ("?month=nonsense", 422),
        ("/what-if?model=openai/none", 422),
        ("/what-if?model=openai/gpt-4o-mini", 200),
    ],
)
def test_what_makes_no_sense_is_refused(client: httpx.Client, query: str, status: int) -> None:
    assert client.get(f"/v1/costs{query}").status_code == status


def test_nobody_sees_the_costs_of_a_recording_that_is_not_theirs(client: httpx.Client) -> None:
    answer = client.get("/v1/costs/recordings/019a0c5f-1b41-7a02-9d15-1f5a2b1f7c40")
    assert (answer.status_code, json.loads(answer.text)["code"]) == (404, "not_found")
