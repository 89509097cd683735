"""One request for many things, and what becomes of each."""

from typing import Any
from uuid import uuid4

import httpx
import pytest


def given(client: httpx.Client, content: bytes, number: int) -> list[dict[str, Any]]:
    return [client.post("/v1/recordings", files={"file": content + bytes([one])}).json() for one in range(number)]


def test_all_that_can_be_done_is_done_and_the_rest_is_told(lasting_client: httpx.Client, another: bytes) -> None:
    recordings = given(lasting_client, another, 3)
    jobs = [recording["job"]["id"] for recording in recordings]
    lasting_client.post(f"/v1/jobs/{jobs[1]}/cancel")
    unknown = str(uuid4())
    answer = lasting_client.post("/v1/jobs/bulk", json={"action": "cancel", "ids": [*jobs, unknown]})
    assert answer.status_code == 207
    told = answer.json()
    assert (told["succeeded"], told["failed"]) == (2, 2)
    assert [(one["id"], one["status"]) for one in told["results"]] == [
        (jobs[0], 200), (jobs[1], 409), (jobs[2], 200), (unknown, 404),
    ]  # fmt: skip
    assert [one["problem"] and one["problem"]["code"] for one in told["results"]] == [None, "conflict", None, "not_found"]
    assert {lasting_client.get(f"/v1/jobs/{job}").json()["state"] for job in jobs} == {"cancelled"}
    again = lasting_client.post("/v1/jobs/bulk", json={"action": "retry", "ids": jobs})
    assert (again.status_code, [one["status"] for one in again.json()["results"]]) == (200, [202] * 3)


def test_recordings_are_deleted_together(lasting_client: httpx.Client, another: bytes) -> None:
    ids = [recording["id"] for recording in given(lasting_client, another, 2)]
    answer = lasting_client.post("/v1/recordings/bulk", json={"action": "delete", "ids": ids})
    assert (answer.status_code, answer.json()["succeeded"]) == (200, 2)
    assert {lasting_client.get(f"/v1/recordings/{one}").status_code for one in ids} == {404}


def test_the_same_request_again_is_not_made_again(lasting_client: httpx.Client, another: bytes) -> None:
    ids = [recording["id"] for recording in given(lasting_client, another, 2)]
    key = {"Idempotency-Key": uuid4().hex}
    first, second = (
        lasting_client.post("/v1/recordings/bulk", json={"action": "delete", "ids": ids}, headers=key) for _ in range(2)
    )
    assert (second.status_code, second.json()) == (200, first.json())
    assert second.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("ids", [[], [str(uuid4())] * 2, [str(uuid4()) for _ in range(101)], ["last"]])
def test_so_many_and_each_once(lasting_client: httpx.Client, ids: list[str]) -> None:
    assert lasting_client.post("/v1/jobs/bulk", json={"action": "cancel", "ids": ids}).status_code == 422


def test_it_is_only_posted(lasting_client: httpx.Client) -> None:
    assert lasting_client.get("/v1/jobs/bulk").status_code == 405
    assert lasting_client.get("/v1/recordings/bulk").status_code == 405
