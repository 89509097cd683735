from __future__ import annotations

import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.testclient import TestClient

import diarist.http.errors  # noqa: F401 - declares errors
from diarist.errors import (
    DiaristError,
    Empty,
    LeaseLost,
    ModelUnavailable,
    NoAudioTrack,
    NoSamples,
    NotFound,
    StorageFailed,
    StorageFull,
    TooLarge,
    UndecodableAudio,
    error_classes,
)
from diarist.http.openapi import problems
from diarist.http.problem import answer_errors, status_of, title_of
from diarist.http.request_scope import RequestScope, request_id


@pytest.mark.parametrize(
    ("error", "status"),
    [(DiaristError, 500), (Empty, 422), (NoSamples, 422), (UndecodableAudio, 422), (NoAudioTrack, 415), (TooLarge, 413),
     (NotFound, 404), (LeaseLost, 409), (StorageFailed, 503), (StorageFull, 507), (ModelUnavailable, 500)],
)  # fmt: skip
def test_an_error_has_the_status_of_its_nearest_ancestor(error: type[DiaristError], status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize("error", error_classes().values(), ids=error_classes())
def test_every_error_says_what_it_is_and_what_to_do(error: type[DiaristError]) -> None:
    assert 400 <= status_of(error) < 600
    assert title_of(error).endswith(".")
    assert error.advice


def test_the_description_of_a_route_groups_its_errors_by_status() -> None:
    described = problems(NotFound, NoAudioTrack)
    assert {404, 415, 414, 421, 431, 403, 422, 500, 503} == set(described)
    assert set(described[404]["content"]["application/problem+json"]["examples"]) == {"not_found"}


@pytest.mark.parametrize("given", ["abc", "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02", "a" * 128])
def test_a_sane_request_id_is_taken_over(given: str) -> None:
    assert request_id(given) == given


@pytest.mark.parametrize("given", [None, "", "a" * 129, "two words", "line\nbreak", "<script>", "é"])
def test_any_other_is_replaced(given: str | None) -> None:
    assert request_id(given) != given
    assert len(request_id(given)) == 36


def test_the_api_is_not_described_for_whoever_asks_for_what_is_not_there() -> None:
    app = FastAPI(middleware=[Middleware(RequestScope)])
    answer_errors(app)
    assert TestClient(app).get("/nothing").status_code == 404
    assert app.openapi_schema is None
