"""What is asked again, after how long, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from diarist.client.errors import AnswerCut, ServerUnreachable, problem_of
from diarist.client.retrying import Retries, retrying
from diarist.client.routes import ADD_TO_UPLOAD, CANCEL_JOB, EDIT_ENTRY, GET_JOB, Route, ask
from diarist.client.steps import Answer, Request
from diarist.errors import Conflict, DiaristError, LimitReached, NotFound, Unauthenticated, Unavailable
from played_flows import Played, play

JOB = "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"
FULL = Retries(chance=lambda: 1.0)
GOOD = Answer(status=200, headers={}, body=b"{}")


def problem(status: int, code: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {"type": f"urn:diarist:problem:{code}", "title": "T", "status": status, "detail": "why", "instance": "/"}
    body = json.dumps(fields | {"code": code, "request_id": "r1", "advice": "Do."}).encode()
    return Answer(status=status, headers=named, body=body)


def answers(*following: Answer | DiaristError) -> Callable[[Request], Answer]:
    told: Iterator[Answer | DiaristError] = iter(following)

    def answer(_: Request) -> Answer:
        found = next(told)
        if isinstance(found, DiaristError):
            raise found
        return found

    return answer


def played(route: Route[Any], *following: Answer | DiaristError) -> Played[Any]:
    raw: Route[Any] = Route(route.method, route.path, bytes, keyed=route.keyed, repeatable=route.repeatable)
    flow = ask(raw, job_id=JOB, upload_id=JOB, entry_id=JOB)
    return play(retrying(flow, FULL), answers(*following))


def test_pauses_double_and_are_bounded() -> None:
    assert [FULL.pause(failures) for failures in (1, 2, 3, 10)] == [0.5, 1.0, 2.0, 30.0]
    assert Retries(chance=lambda: 0.25).pause(2) == 0.25


def test_a_server_that_cannot_be_reached_is_asked_again() -> None:
    done = played(GET_JOB, ServerUnreachable(), AnswerCut(), GOOD)
    assert done.slept == [0.5, 1.0]
    with pytest.raises(ServerUnreachable):
        played(GET_JOB, *[ServerUnreachable()] * 5)


def test_a_write_is_sent_again_under_the_same_key() -> None:
    done = played(CANCEL_JOB, AnswerCut(), problem(409, "idempotency_key_in_use", retry_after="5"), GOOD)
    assert len({request.headers["Idempotency-Key"] for request in done.asked}) == 1
    assert len(done.asked) == 3
    assert done.slept == [0.5, 6.0]


@pytest.mark.parametrize("route", [EDIT_ENTRY, ADD_TO_UPLOAD])
def test_what_may_have_been_done_is_not_done_twice(route: Route[Any]) -> None:
    with pytest.raises(AnswerCut):
        played(route, AnswerCut(), GOOD)
    with pytest.raises(Unavailable):
        played(route, problem(503, "database_unavailable", retry_after="5"), GOOD)
    assert len(played(route, ServerUnreachable(), problem(429, "too_many_requests", retry_after="1"), GOOD).asked) == 3


def test_the_server_says_how_long_to_wait() -> None:
    assert played(GET_JOB, problem(429, "too_many_requests", retry_after="7"), GOOD).slept == [7.5]
    with pytest.raises(LimitReached) as refused:
        played(GET_JOB, problem(429, "too_many_requests", retry_after="3600"))
    assert refused.value.retry_after == 3600.0


def test_a_quota_is_not_waited_for() -> None:
    with pytest.raises(LimitReached):
        played(GET_JOB, problem(429, "too_many_jobs"), GOOD)


def test_what_stands_in_between_may_be_away_for_a_moment() -> None:
    proxy = Answer(status=502, headers={}, body=b"<html>Bad gateway</html>")
    assert len(played(GET_JOB, proxy, proxy, GOOD).asked) == 3
    with pytest.raises(Unavailable):
        played(GET_JOB, *[proxy] * 5)


@pytest.mark.parametrize(
    ("status", "code", "family"),
    [
        (404, "not_found", NotFound),
        (401, "unauthenticated", Unauthenticated),
        (409, "conflict", Conflict),
        (409, "of_a_newer_server", Conflict),
        (500, "internal", DiaristError),
    ],
)
def test_a_refusal_is_told_as_what_it_is(status: int, code: str, family: type[DiaristError]) -> None:
    with pytest.raises(family) as refused:
        played(GET_JOB, problem(status, code))
    error = refused.value
    assert (error.code, error.message, error.advice) == (code, "why", "Do.")
    told = problem_of(error)
    assert told is not None
    assert (told.status, told.request_id) == (status, "r1")
