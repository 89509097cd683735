"""Live events as a browser or `curl` reads them: a real server, real sockets."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from diarist.settings import EventSettings, Settings
from event_streams import Sent, streaming
from served import change, served
from waiting import until

PROGRESS = {"state", "stage", "fraction", "seconds_done", "seconds_total", "speed", "eta"}


@pytest.fixture
def job(client: httpx.Client, memo: Path) -> str:
    return add(client, memo.read_bytes())


def add(client: httpx.Client, content: bytes) -> str:
    return client.post("/v1/recordings", files={"file": content}).headers["Location"]


def kinds(events: list[Sent]) -> list[str]:
    return [event.kind for event in events]


def test_what_happens_is_told_as_it_happens(client: httpx.Client, memo: Path) -> None:
    with streaming(client) as stream:
        events = iter(stream)
        opened = next(events)
        assert (opened.kind, opened.id) == ("stream.opened", "0")
        assert stream.retry == [2000]
        location = add(client, memo.read_bytes())
        received = next(event for event in events if event.kind == "recording.received")
        assert received.id == "1"
        assert received.data["id"] == "1"
        assert location == f"/v1/jobs/{received.data['job_id']}"
        assert received.data["at"].endswith("Z")
        client.post(f"{location}/cancel")
        cancelled = next(event for event in events if event.kind == "job.cancelled")
        assert cancelled.data["job_id"] == received.data["job_id"]
        client.delete(f"/v1/recordings/{received.data['recording_id']}")
        assert next(event for event in events if event.kind == "recording.deleted").id == "3"


def test_who_comes_back_is_told_what_was_missed(client: httpx.Client, job: str) -> None:
    with streaming(client) as stream:
        last = next(iter(stream)).id
    client.post(f"{job}/cancel")
    client.post(f"{job}/retry")
    client.post(f"{job}/cancel")
    with streaming(client, after=last) as stream:
        events = []
        for event in stream:
            events.append(event)
            if [one.kind for one in events].count("job.cancelled") == 2:
                break
    told = [event for event in events if event.id is not None]
    assert kinds(told)[-3:] == ["job.cancelled", "job.retried", "job.cancelled"]
    with streaming(client, after=told[-3].id) as stream:
        assert kinds(stream.until("job.cancelled")) == ["stream.opened", "job.retried", "job.cancelled"]


def test_who_asks_for_what_is_not_kept_is_told_so(client: httpx.Client, settings: Settings, job: str) -> None:
    with streaming(client) as stream:
        events = iter(stream)
        next(events)
        for action in ("cancel", "retry", "cancel"):
            client.post(f"{job}/{action}")
        last = [next(event for event in events if event.kind == "job.cancelled") for _ in range(2)][-1]
        assert last.id == "4"
    change(settings, "DELETE FROM events WHERE position <= 2")
    change(settings, "UPDATE event_log SET swept = 2")
    with streaming(client, after="1") as stream:
        told = stream.until("job.cancelled")
    assert [(event.kind, event.id) for event in told] == [
        ("stream.opened", "1"),
        ("stream.missed", "2"),
        ("job.retried", "3"),
        ("job.cancelled", "4"),
    ]
    with streaming(client, after="999") as stream:
        assert [(event.kind, event.id) for event in stream.until("stream.missed")][-1] == ("stream.missed", "4")


def test_a_stream_that_has_nothing_to_tell_says_that_it_lives(settings: Settings) -> None:
    with served(settings.model_copy(update={"events": EventSettings(heartbeat=0.05)})) as client, streaming(client) as stream:
        lines = stream.response.iter_lines()
        assert [next(line for line in lines if line.startswith(":")) for _ in range(3)] == [": still here"] * 3


def test_a_job_is_followed_to_its_end(working_client: httpx.Client, another: bytes) -> None:
    location = add(working_client, another)
    with streaming(working_client, f"{location}/events") as stream:
        events = list(stream)
    assert events[0].kind == "stream.opened"
    assert events[1].kind == "job.progress"
    assert set(events[1].data["data"]) == PROGRESS
    durable = [event.kind for event in events if event.id is not None and not event.kind.startswith("stream.")]
    assert durable[-3:] == ["transcript.completed", "entry.created", "job.succeeded"]
    assert {event.data["job_id"] for event in events[1:]} == {location.rpartition("/")[2]}
    completed = next(event for event in events if event.kind == "transcript.completed")
    assert completed.data["data"]["version"] == 1
    created = next(event for event in events if event.kind == "entry.created")
    assert working_client.get(f"/v1/entries/{created.data['data']['entry_id']}").status_code == 200


def test_parts_of_a_transcript_are_told_as_they_can_be_read(working_client: httpx.Client, another: bytes) -> None:
    with streaming(working_client) as stream:
        events = iter(stream)
        next(events)
        location = add(working_client, another)
        mine = (event for event in events if event.data.get("job_id") == location.rpartition("/")[2])
        extended = next(event for event in mine if event.kind == "transcript.extended")
        assert extended.id is None
        assert extended.data["data"]["start"] == 0.0
        assert extended.data["data"]["end"] > 1.0
        recording = f"/v1/recordings/{extended.data['recording_id']}"
        assert working_client.get(f"{recording}/transcript").status_code == 200


def test_who_knows_all_of_a_job_need_not_come_back(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    path = f"/v1/jobs/{finished_job['id']}/events"
    with streaming(working_client, path, after="0") as stream:
        events = list(stream)
    last = [event.id for event in events if event.id is not None][-1]
    assert [event.kind for event in events][-2:] == ["job.succeeded", "job.progress"]
    answer = working_client.get(path, headers={"Last-Event-ID": last or ""})
    assert (answer.status_code, answer.content) == (204, b"")
    with streaming(working_client, path) as stream:
        assert kinds(list(stream)) == ["stream.opened", "job.progress"]


def test_a_stream_may_be_short(client: httpx.Client, job: str) -> None:
    with streaming(client, "/v1/events?seconds=0") as stream:
        assert kinds(list(stream))[0] == "stream.opened"
    assert client.get("/v1/events?seconds=601").status_code == 422


@pytest.mark.parametrize("given", ["x", "-1", "1.0", "99999999999999999999", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_an_id_must_be_one_of_the_stream(client: httpx.Client, given: str) -> None:
    answer = client.get("/v1/events", headers=[(b"Last-Event-ID", given.encode())])
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_the_job_of_nobody_is_not_followed(client: httpx.Client) -> None:
    for headers in ({}, {"Last-Event-ID": "0"}):
        answer = client.get(f"/v1/jobs/{uuid4()}/events", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_there_are_not_more_streams_than_there_may_be(settings: Settings) -> None:
    with served(settings.model_copy(update={"events": EventSettings(max_streams=1)})) as client:
        with streaming(client) as stream:
            events = iter(stream)
            assert next(events).kind == "stream.opened"
            refused = client.get("/v1/events")
            assert (refused.status_code, refused.json()["code"]) == (503, "too_many_streams")
            assert int(refused.headers["Retry-After"]) > 0
        until(lambda: client.get("/v1/events?seconds=0").status_code == 200)


def test_a_server_that_ends_says_when_to_come_back(settings: Settings) -> None:
    with httpx.Client(timeout=30, trust_env=False) as outliving, ExitStack() as stack:
        with served(settings) as client:
            stream = stack.enter_context(streaming(outliving, f"{client.base_url}/v1/events"))
            events = iter(stream)
            assert next(events).kind == "stream.opened"
        assert list(events) == []
        assert len(stream.retry) == 2
        assert 500 <= stream.retry[1] <= 5000


def test_a_reader_who_does_not_read_is_disconnected_and_can_go_on(settings: Settings, memo: Path) -> None:
    with served(settings.model_copy(update={"events": EventSettings(mailbox=100, max_streams=2)})) as client:
        job = add(client, memo.read_bytes())
        with not_reading(client) as connection, streaming(client) as stream:
            flood(settings)
            assert sum(1 for event in stream.until("job.cancelled") if event.kind == "entry.created") == FLOOD
            until(lambda: broken(connection))
        # Its place is free again.
        until(lambda: client.get("/v1/events?seconds=0").status_code == 200)
        with streaming(client, after="1") as stream:
            assert kinds(stream.until("job.cancelled"))[:2] == ["stream.opened", "entry.created"]
        assert client.get(job).status_code == 200


@contextmanager
def not_reading(client: httpx.Client) -> Iterator[socket.socket]:
    """A stream of somebody who has gone for a walk."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect((client.base_url.host, client.base_url.port or 0))
        connection.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        yield connection


def broken(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0


FLOOD = 400


def flood(settings: Settings) -> None:
    """More than the buffers of a connection hold, and a last word."""
    columns = "INSERT INTO events (account_id, kind, data, at) SELECT accounts.id, :kind, :data, created_at FROM accounts"
    numbers = ", (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) SELECT i FROM n) AS numbers"
    change(settings, columns + numbers, kind="entry.created", data=json.dumps({"padding": "x" * 20_000}), many=FLOOD)
    change(settings, columns, kind="job.cancelled", data="{}")


def test_the_description_shows_what_a_stream_looks_like(lasting_client: httpx.Client) -> None:
    described = lasting_client.get("/openapi.json").json()["paths"]
    for path in ("/v1/events", "/v1/jobs/{job_id}/events"):
        content = described[path]["get"]["responses"]["200"]["content"]
        assert list(content) == ["text/event-stream"]
        shown = content["text/event-stream"]["examples"]["a recording"]["value"]
        assert shown.startswith("retry: 2000\n\nid: 1041\nevent: stream.opened\ndata: {")
        assert "event: job.progress\n" in shown
    assert "204" in described["/v1/jobs/{job_id}/events"]["get"]["responses"]
