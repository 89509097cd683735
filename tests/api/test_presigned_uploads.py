"""Recordings put straight into a bucket, past the server; a real S3 server stands behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from diarist.settings import Settings
from s3_server import S3Server
from served import rows_of, served

UNKNOWN = "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"


@pytest.fixture
def bucket_settings(settings: Settings, s3: S3Server) -> Settings:
    return settings.model_copy(update={"storage": s3.settings(s3.new_place())})


@pytest.fixture
def client(bucket_settings: Settings) -> Iterator[httpx.Client]:
    with served(bucket_settings) as client:
        yield client


def announced(client: httpx.Client, content: bytes, **told: Any) -> dict[str, Any]:
    answer = client.post("/v1/recordings/uploads", json={"filename": "memo.wav", "size_bytes": len(content), **told})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def put(invitation: dict[str, Any], content: bytes) -> int:
    """As any client would: no word of ours is in this request but what the invitation says."""
    return httpx.request(
        invitation["method"], invitation["url"], headers=invitation["headers"], content=content, trust_env=False
    ).status_code


def completed(client: httpx.Client, invitation: dict[str, Any]) -> httpx.Response:
    return client.post(f"/v1/recordings/uploads/{invitation['id']}/complete")


@pytest.mark.slow
def test_bytes_put_to_the_bucket_become_a_recording_once(client: httpx.Client, bucket_settings: Settings, another: bytes) -> None:
    invitation = announced(client, another, sha256=hashlib.sha256(another).hexdigest())
    expires = datetime.fromisoformat(invitation["expires_at"])
    assert timedelta(minutes=50) < expires - datetime.now(UTC) <= timedelta(hours=1)
    early = completed(client, invitation)
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    assert put(invitation, another) == 200
    first = completed(client, invitation)
    assert (first.status_code, first.json()["sha256"]) == (202, hashlib.sha256(another).hexdigest())
    assert client.get(first.headers["Location"]).json()["recording_id"] == first.json()["id"]
    assert client.get(f"/v1/recordings/{first.json()['id']}/audio").content == another
    again = completed(client, invitation)
    assert (again.status_code, again.json()["id"], again.headers["Location"]) == (
        200,
        first.json()["id"],
        first.headers["Location"],
    )
    # The URL still works for a while; what is put there now changes nothing.
    put(invitation, b"something else")
    assert completed(client, invitation).json()["id"] == first.json()["id"]
    assert client.get(f"/v1/recordings/{first.json()['id']}/audio").content == another
    assert rows_of(bucket_settings, "jobs") == 1


@pytest.mark.slow
def test_other_bytes_than_were_announced_are_refused_and_may_be_replaced(
    client: httpx.Client, bucket_settings: Settings, another: bytes
) -> None:
    invitation = announced(client, another, sha256=hashlib.sha256(another).hexdigest())
    for wrong in (another + b"!", another[:-1] + bytes([another[-1] ^ 1])):
        assert put(invitation, wrong) == 200
        answer = completed(client, invitation)
        assert (answer.status_code, answer.json()["code"]) == (422, "content_mismatch")
    assert rows_of(bucket_settings, "recordings") == 0
    assert put(invitation, another) == 200
    assert completed(client, invitation).status_code == 202


@pytest.mark.slow
def test_those_who_complete_at_once_get_one_recording(client: httpx.Client, bucket_settings: Settings, another: bytes) -> None:
    invitation = announced(client, another)
    put(invitation, another)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: completed(client, invitation), range(4)))
    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    assert len({answer.json()["id"] for answer in answers if answer.is_success}) == 1
    assert (rows_of(bucket_settings, "recordings"), rows_of(bucket_settings, "jobs")) == (1, 1)


@pytest.mark.slow
def test_what_surely_is_no_recording_is_refused_for_good(client: httpx.Client, bucket_settings: Settings) -> None:
    content = b"%PDF-1.7\n" + bytes(1000)
    invitation = announced(client, content)
    put(invitation, content)
    for _ in range(2):
        answer = completed(client, invitation)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_audio")
    assert rows_of(bucket_settings, "recordings") == 0


@pytest.mark.slow
def test_no_more_is_announced_than_may_be_sent(client: httpx.Client, bucket_settings: Settings) -> None:
    for size, status in ((0, 422), (6 << 30, 413), (30 << 30, 413)):
        assert client.post("/v1/recordings/uploads", json={"filename": "x", "size_bytes": size}).status_code == status
    assert client.post("/v1/recordings/uploads", json={"filename": "x", "size_bytes": 5, "sha256": "A"}).status_code == 422
    assert client.post(f"/v1/recordings/uploads/{UNKNOWN}/complete").status_code == 404
    assert rows_of(bucket_settings, "uploads") == 0


def test_a_folder_gives_no_urls_and_says_what_to_do(lasting_client: httpx.Client) -> None:
    answer = lasting_client.post("/v1/recordings/uploads", json={"filename": "memo.wav", "size_bytes": 5})
    assert (answer.status_code, answer.json()["code"]) == (501, "not_supported")
    assert "tus" in answer.json()["advice"]
