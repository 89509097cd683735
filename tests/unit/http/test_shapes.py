"""Errors under the paths of other people's APIs, whoever answers with them."""

from __future__ import annotations

import re

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse
from starlette.testclient import TestClient

from diarist.errors import NotFound
from diarist.http.problem import answer_errors
from diarist.http.request_scope import RequestScope
from diarist.http.shapes import ForeignShapes, Shape

router = APIRouter()


@router.get("/theirs/lost")
@router.get("/ours/lost")
async def lost() -> None:
    raise NotFound("there is no recording 7")


@router.get("/theirs/broken")
async def broken() -> None:
    raise RuntimeError("secret")


@router.get("/theirs/fine")
async def fine() -> PlainTextResponse:
    return PlainTextResponse("fine")


def client() -> TestClient:
    app = FastAPI()
    app.include_router(router)
    answer_errors(app)
    app.add_middleware(RequestScope)
    shape = Shape(re.compile(r"/theirs/.*"), lambda problem: (418, {"oops": problem["code"]}))
    app.add_middleware(ForeignShapes, shapes=(shape,))
    return TestClient(app)


def test_only_problems_and_only_there_are_translated() -> None:
    app = client()
    assert (app.get("/theirs/lost").status_code, app.get("/theirs/lost").json()) == (418, {"oops": "not_found"})
    assert app.get("/ours/lost").json()["code"] == "not_found"
    assert app.get("/theirs/fine").text == "fine"


def test_what_nobody_caught_and_what_is_nowhere_is_translated_as_well() -> None:
    app = client()
    answer = app.get("/theirs/broken")
    assert (answer.status_code, answer.json()) == (418, {"oops": "internal"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Request-ID"]
    assert app.get("/theirs/nowhere").json() == {"oops": "not_found"}
