"""Days over HTTP: listed, read in several formats, known again by their tag, and moved to by what was made earlier."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import TypeVar
from uuid import UUID

import docx
import httpx
import pytest

from diarist.accounts.service import set_days
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.wiring import open_runtime
from made_days import put_memo, told

T = TypeVar("T")
EVENING = datetime(2026, 11, 3, 18, 20, tzinfo=UTC)
NIGHT = datetime(2026, 11, 4, 0, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 4, 8, 0, tzinfo=UTC)


def in_runtime(settings: Settings, do: Callable[[Runtime], Awaitable[T]]) -> T:
    async def done() -> T:
        async with open_runtime(settings, None) as runtime:
            return await do(runtime)

    return asyncio.run(done())


@pytest.fixture
def memos(client: httpx.Client, settings: Settings) -> list[UUID]:
    """Of an evening, the night after it, which failed, and a morning, in Berlin."""

    async def put(runtime: Runtime) -> list[UUID]:
        async with runtime.database.write() as session:
            await set_days(session, "local", time_zone="Europe/Berlin", begins=None)
        return [
            await put_memo(runtime, EVENING, told("I met Anna at the mill. I have to send her the photos by Friday.")),
            await put_memo(runtime, NIGHT, None),
            await put_memo(runtime, MORNING, told("I met Anna again and Ben was late.")),
        ]

    return in_runtime(settings, put)


def test_days_are_listed_with_what_they_hold(client: httpx.Client, memos: list[UUID]) -> None:
    first = client.get("/v1/days", params={"limit": 1}).json()
    rest = client.get("/v1/days", params={"cursor": first["next_cursor"]}).json()

    assert [(day["date"], day["recordings"], day["entries"]) for day in first["items"] + rest["items"]] == [
        ("2026-11-04", 1, 1), ("2026-11-03", 2, 1)
    ]  # fmt: skip
    assert rest["next_cursor"] is None
    assert rest["items"][0]["duration"] == 120.0
    assert len(rest["items"][0]["titles"]) == 1


def test_a_day_gathers_what_its_entries_hold_with_their_proof(client: httpx.Client, memos: list[UUID]) -> None:
    day = client.get("/v1/days/2026-11-03").json()

    assert (day["time_zone"], day["starts_at"], day["ends_at"]) == (
        "Europe/Berlin", "2026-11-03T03:00:00Z", "2026-11-04T03:00:00Z"
    )  # fmt: skip
    evening, night = day["recordings"]
    assert (evening["recording_id"], evening["local_time"], night["local_time"]) == (str(memos[0]), "19:20", "01:30")
    assert (night["entry"], night["job"]["state"]) == (None, "failed")
    assert evening["entry"] == client.get(f"/v1/recordings/{memos[0]}/entry").json()
    [item] = day["action_items"]
    assert (item["due_date"], item["recording_id"], item["entry_id"]) == (None, str(memos[0]), evening["entry"]["id"])
    assert item["citations"][0]["quote"]
    [anna] = day["people"]
    assert (anna["name"], [place["recording_id"] for place in anna["mentioned_in"]]) == ("Anna", [str(memos[0])])
    assert anna["mentioned_in"][0]["citations"] == evening["entry"]["people"][0]["citations"]
    assert (day["duration"], day["speech_seconds"], day["left_out"]) == (120.0, 80.0, 0)


def test_a_day_without_recordings_is_empty_and_one_that_is_none_is_refused(client: httpx.Client, memos: list[UUID]) -> None:
    for date in ("2026-11-05", "0001-01-01", "9999-12-31"):
        assert client.get(f"/v1/days/{date}").json()["recordings"] == []
    for date in ("2026-02-30", "20261103", "1762128000", "today", "2026-11-03T00:00:00"):
        assert client.get(f"/v1/days/{date}").status_code == 422
        assert client.get("/v1/days", params={"cursor": date}).status_code == 422


def test_a_day_can_be_had_as_a_document(client: httpx.Client, memos: list[UUID]) -> None:
    written = client.get("/v1/days/2026-11-03", headers={"Accept": "text/markdown"})

    assert written.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert 'title: "Tuesday, 3 November 2026"\ndate: 2026-11-03\ntime_zone: "Europe/Berlin"\n' in written.text
    for part in ("## 19:20 ", "I met Anna at the mill.", "## 01:30 memo.m4a", "its job is failed", "## To do", "## People"):
        assert part in written.text
    word = client.get("/v1/days/2026-11-03?format=docx")
    assert "2026-11-03.docx" in word.headers["Content-Disposition"]
    assert docx.Document(BytesIO(word.content)).paragraphs[0].text == "Tuesday, 3 November 2026"
    assert client.get("/v1/days/2026-11-05?format=md").text.endswith("*Nothing was recorded on this day.*\n")
    assert client.get("/v1/days/2026-11-03", headers={"Accept": "image/png"}).status_code == 406


def test_a_day_is_known_by_its_tag_until_something_changes(client: httpx.Client, memos: list[UUID]) -> None:
    for form in ("json", "md", "pdf"):
        read = client.get("/v1/days/2026-11-03", params={"format": form})
        known = {"If-None-Match": read.headers["ETag"]}
        again = client.get("/v1/days/2026-11-03", params={"format": form}, headers=known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", read.headers["ETag"])
        other = client.get("/v1/days/2026-11-03", params={"format": "docx"}, headers=known)
        assert other.status_code == 200

    tag = client.get("/v1/days/2026-11-03").headers["ETag"]
    entry = client.get(f"/v1/recordings/{memos[0]}/entry").json()
    edit = {"sentences": [{"position": 0, "text": "I met Anna by the mill."}]}
    assert client.patch(f"/v1/entries/{entry['id']}", json=edit).status_code == 200
    changed = client.get("/v1/days/2026-11-03", headers={"If-None-Match": tag})
    assert changed.json()["recordings"][0]["entry"]["sentences"][0]["text"] == "I met Anna by the mill."


def test_a_recording_that_was_made_earlier_moves_to_its_day(client: httpx.Client, memos: list[UUID]) -> None:
    moved = client.patch(f"/v1/recordings/{memos[0]}", json={"recorded_at": "2026-11-01T23:00:00+01:00"})

    assert (moved.status_code, moved.json()["recorded_at"]) == (200, "2026-11-01T22:00:00Z")
    [recording] = client.get("/v1/days/2026-11-01").json()["recordings"]
    assert recording["entry"]["version"] == 2
    assert client.get("/v1/days/2026-11-01").json()["action_items"][0]["due_date"] == "2026-11-06"
    forgotten = client.patch(f"/v1/recordings/{memos[0]}", json={"recorded_at": None}).json()
    assert forgotten["recorded_at"] is None
    for wrong in (
        {"recorded_at": "2026-11-01T23:00:00"},
        {"recorded_at": "1800-01-01T00:00:00Z"},
        {},
        {"recorded_at": 0},
        {"recorded_at": None, "x": 1},
    ):
        assert client.patch(f"/v1/recordings/{memos[0]}", json=wrong).status_code == 422
    assert client.patch(f"/v1/recordings/{UUID(int=5)}", json={"recorded_at": None}).status_code == 404
