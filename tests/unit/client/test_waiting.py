"""Waiting for a job: live, over broken connections, and by asking where there is nothing live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from diarist.client import waiting
from diarist.client.errors import AnswerCut
from diarist.client.routes import GET_JOB
from diarist.client.schemas.events import JobUpdate
from diarist.client.schemas.jobs import Job
from diarist.client.steps import Answer, Request
from diarist.domain.job import JobState
from diarist.errors import NotFound, StillWorking
from played_flows import Played, play

JOB = UUID("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02")
EVENTS = {"content-type": "text/event-stream; charset=utf-8"}
OPEN, PAGE = Answer(status=200, headers=EVENTS), Answer(status=200, headers={"content-type": "text/html"})


def event(kind: str, position: int | None = None, **data: Any) -> bytes:
    told = {"type": kind, "at": "2026-11-03T19:20:00Z", "job_id": str(JOB), "data": data}
    place = b"" if position is None else b"id: %d\n" % position
    return place + f"event: {kind}\ndata: {json.dumps(told)}\n\n".encode()


def progress(fraction: float) -> bytes:
    figures: dict[str, Any] = {"seconds_done": 1.0, "seconds_total": 2.0, "speed": None, "eta": None}
    return event("job.progress", state="running", stage="transcribe", fraction=fraction, **figures)


def job(state: str) -> Answer:
    found: dict[str, Any] = {
        "id": str(JOB), "recording_id": str(JOB), "state": state, "priority": "normal", "task": "transcribe", "until": None,
        "stage": None, "progress": {"fraction": 0.5, "seconds_done": 1.0, "speed": None, "eta": None}, "warnings": [],
        "error": None, "created_at": "2026-11-03T19:20:00Z", "started_at": None, "finished_at": None,
    }  # fmt: skip
    return Answer(status=200, headers={}, body=json.dumps(found).encode())


def waited(streams: list[Answer | list[bytes]], states: list[str]) -> tuple[Played[Job], list[JobUpdate]]:
    """Plays a wait: what each connection tells, then what the job is each time it is asked for."""
    connections: Iterator[Answer | list[bytes]] = iter(streams)
    found: Iterator[str] = iter(states)
    pieces: Iterator[bytes] = iter(())

    def answer(request: Request) -> Answer:
        nonlocal pieces
        if request.path.endswith("/events"):
            told = next(connections)
            if isinstance(told, Answer):
                return told
            pieces = iter(told)
            return OPEN
        assert request.path == GET_JOB.path.format(job_id=JOB)
        return job(next(found))

    def read() -> bytes:
        piece = next(pieces, b"")
        if piece == b"cut":
            raise AnswerCut
        return piece

    updates: list[JobUpdate] = []
    return play(waiting.wait(JOB, on_update=updates.append), answer, read), updates


def test_it_is_told_live_how_far_a_job_is() -> None:
    told = [event("stream.opened", 4), progress(0.25), progress(0.5), event("job.succeeded", 5)]
    done, updates = waited([told], ["succeeded"])
    assert done.result is not None
    assert done.result.state is JobState.SUCCEEDED
    assert [update.fraction for update in updates[:2]] == [0.25, 0.5]
    assert all(update.live for update in updates)
    assert updates[-1].ended


def test_a_broken_connection_goes_on_after_the_last_event() -> None:
    first = [event("stream.opened", 4), event("transcript.completed", 5), progress(0.5), b"cut"]
    done, updates = waited([first, [event("job.succeeded", 6)]], ["succeeded"])
    assert [request.headers.get("Last-Event-ID") for request in done.asked[:2]] == [None, "5"]
    assert all(update.live for update in updates)


def test_a_reader_who_knows_the_end_is_told_nothing_more() -> None:
    done, _ = waited([[event("stream.opened", 4)], Answer(status=204, headers={})], ["failed"])
    assert done.result is not None
    assert done.result.state is JobState.FAILED


@pytest.mark.parametrize("stream", [PAGE, Answer(status=503, headers={}, body=b"busy"), [b"cut"], []])
def test_without_live_events_the_job_is_asked_for_and_that_is_said(
    stream: Answer | list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    done, updates = waited([stream, stream], ["queued", "running", "succeeded"])
    assert done.result is not None
    assert done.result.state is JobState.SUCCEEDED
    assert not any(update.live for update in updates)
    assert all(update.why_not_live for update in updates)
    assert "asked for from time to time" in caplog.text


def test_a_job_that_is_not_there_is_not_waited_for() -> None:
    gone = {
        "type": "t", "title": "t", "status": 404, "detail": "no", "instance": "/", "code": "not_found", "request_id": "r",
        "advice": "a",
    }  # fmt: skip
    with pytest.raises(NotFound):
        play(waiting.wait(JOB), lambda _: Answer(status=404, headers={}, body=json.dumps(gone).encode()))


def test_patience_has_an_end() -> None:
    clock: Iterator[float] = iter(range(100))
    flow = waiting.updates(JOB, waiting.Deadline(JOB, 5.0, lambda: next(clock)))
    with pytest.raises(StillWorking):
        play(flow, lambda request: PAGE if request.path.endswith("/events") else job("running"))
