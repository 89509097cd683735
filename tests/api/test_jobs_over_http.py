from pathlib import Path

import httpx
import pytest


@pytest.fixture
def job(client: httpx.Client, memo: Path) -> str:
    return client.post("/v1/recordings", files={"file": memo.read_bytes()}).headers["Location"]


def test_a_job_is_cancelled_and_put_back_to_work(client: httpx.Client, job: str) -> None:
    cancelled = client.post(f"{job}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert cancelled.json()["finished_at"] is not None
    assert client.get(job).json() == cancelled.json()
    retried = client.post(f"{job}/retry")
    assert (retried.status_code, retried.json()["state"], retried.json()["finished_at"]) == (202, "queued", None)


def test_what_the_state_does_not_allow_is_a_conflict(client: httpx.Client, job: str) -> None:
    retried = client.post(f"{job}/retry")
    assert (retried.status_code, retried.json()["code"]) == (409, "conflict")
    client.post(f"{job}/cancel").raise_for_status()
    assert client.post(f"{job}/cancel").status_code == 409


def test_nothing_can_be_read_before_it_is_there(client: httpx.Client, job: str) -> None:
    recording = client.get(job).json()["recording_id"]
    transcript = client.get(f"/v1/recordings/{recording}/transcript")
    assert (transcript.status_code, transcript.json()["code"]) == (404, "not_found")
    assert "queued" in transcript.json()["detail"]
    assert client.get(f"/v1/recordings/{recording}/entry").status_code == 404
    assert client.get("/v1/entries").json() == {"items": [], "next_cursor": None}
