"""Streams of a fleet: what one replica tells, another goes on with, whoever wrote it and whoever died."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest

from event_streams import Sent, streaming
from fleet import Fleet, until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"

pytestmark = pytest.mark.slow


def upload(client: httpx.Client, copy: int) -> str:
    """Take the sample in, as another recording each time; the id of its job."""
    given = client.post("/v1/recordings", files={"file": SAMPLE.read_bytes() + bytes([copy])})
    assert given.status_code == 202, given.text
    return given.headers["Location"].rpartition("/")[2]


def test_who_follows_a_replica_that_is_killed_goes_on_at_another(diarist: Fleet) -> None:
    roles = ("ingestion-api", "job-status-api", "job-status-api", "transcription-worker", "llm-worker")
    members = [diarist.begin(role) for role in roles]
    until(lambda: all(member.ready().get("status") == "ready" for member in members))
    ingestion, first, second, *_ = members
    told: list[Sent] = []
    with ingestion.client() as writing:
        jobs = [upload(writing, 0)]
        with first.client() as client, pytest.raises(httpx.RemoteProtocolError), streaming(client, after="0") as stream:
            for event in stream:
                told.append(event)
                if event.kind == "transcript.completed":
                    first.end(signal.SIGKILL)
        # It goes on while nobody looks.
        jobs += [upload(writing, copy) for copy in (1, 2)]
    with second.client() as client:
        last = [event.id for event in told if event.id is not None][-1]
        with streaming(client, after=last) as stream:
            for event in stream:
                told.append(event)
                if sum(event.kind == "job.succeeded" for event in told) == len(jobs):
                    break
    kept = [event for event in told if event.id is not None and event.kind != "stream.opened"]
    assert [int(event.id or 0) for event in kept] == list(range(1, 4 * len(jobs) + 1))
    for job in jobs:
        assert [event.kind for event in kept if event.data["job_id"] == job] == [
            *("recording.received", "transcript.completed", "entry.created", "job.succeeded"),
        ]


def test_a_stream_ends_in_good_order_with_its_server(diarist: Fleet) -> None:
    status = diarist.start("job-status-api")
    with status.client() as client, streaming(client) as stream:
        events = iter(stream)
        assert next(events).kind == "stream.opened"
        status.process.send_signal(signal.SIGTERM)
        assert list(events) == []
        assert len(stream.retry) == 2
    assert status.process.wait(60) == 0, status.log.read_text()
    assert "Traceback" not in status.log.read_text()
