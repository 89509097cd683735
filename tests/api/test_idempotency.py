"""`Idempotency-Key`: asking twice does it once."""

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from diarist.settings import Settings
from served import change, rows_of
from tus_wire import VERSION
from waiting import until

AUDIO = {"Content-Type": "audio/wav"}


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def test_the_same_request_gets_the_same_answer(client: httpx.Client, settings: Settings, another: bytes) -> None:
    headers = {**AUDIO, **key()}
    first, again = (client.post("/v1/recordings?filename=memo.wav", content=another, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (first.json(), first.headers["Location"]) == (again.json(), again.headers["Location"])
    assert first.headers["Content-Type"] == again.headers["Content-Type"]
    assert first.headers["X-Request-ID"] != again.headers["X-Request-ID"]
    assert client.post("/v1/recordings", content=another, headers=AUDIO).status_code == 200, "without a key it is asked anew"


def test_a_key_belongs_to_one_request(client: httpx.Client, another: bytes) -> None:
    headers = {**AUDIO, **key()}
    job = client.post("/v1/recordings", content=another, headers=headers).headers["Location"]
    for path, content in (("/v1/recordings", another + b"!"), ("/v1/recordings?filename=x", another), (f"{job}/cancel", b"")):
        answer = client.post(path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert client.get(job).json()["state"] == "queued"


def test_a_body_of_json_is_compared_itself(client: httpx.Client) -> None:
    headers = key()
    answers = [client.post("/v1/recordings/uploads", json={"filename": name, "size_bytes": 5}, headers=headers) for name in "ab"]
    # Without an object store neither is taken; a failure is not kept, so the key is free for the other one.
    assert [answer.json()["code"] for answer in answers] == ["not_supported", "not_supported"]


def test_an_upload_is_begun_once(client: httpx.Client, settings: Settings) -> None:
    headers = {**VERSION, **key(), "Upload-Length": "100"}
    first, again = (client.post("/v1/tus", headers=headers) for _ in range(2))
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert (again.headers["Idempotent-Replayed"], again.headers["Tus-Resumable"]) == ("true", "1.0.0")
    assert rows_of(settings, "uploads") == 1
    other = client.post("/v1/tus", headers={**headers, "Upload-Length": "101"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_job_is_cancelled_and_retried_once(client: httpx.Client, another: bytes) -> None:
    job = client.post("/v1/recordings", content=another, headers=AUDIO).headers["Location"]
    for step, status in (("cancel", 200), ("retry", 202)):
        headers = key()
        answers = [client.post(f"{job}/{step}", headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [status, status]
        assert client.post(f"{job}/{step}").status_code in {200, 409}
        if step == "cancel":
            assert client.get(job).json()["state"] == "cancelled"


def test_a_failure_frees_the_key(client: httpx.Client, settings: Settings, another: bytes) -> None:
    headers = {**AUDIO, **key()}
    assert client.post("/v1/recordings", content=b"no sound", headers=headers).status_code == 415
    assert rows_of(settings, "idempotency_keys") == 0
    assert client.post("/v1/recordings", content=another, headers=headers).status_code == 202


@pytest.mark.parametrize("value", ["", "a b", "x" * 256, "schlüssel"])
def test_a_key_is_visible_ascii(lasting_client: httpx.Client, value: str) -> None:
    named = [(b"Idempotency-Key", value.encode()), (b"Content-Type", b"audio/wav")]
    answer = lasting_client.post("/v1/recordings", content=b"x", headers=named)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_while_the_first_runs_the_second_waits(client: httpx.Client, settings: Settings, another: bytes) -> None:
    headers = {**AUDIO, **key(), "Content-Length": str(len(another))}
    go_on = threading.Event()

    def slowly() -> Iterator[bytes]:
        yield another[:100]
        assert go_on.wait(30)
        yield another[100:]

    answers: list[httpx.Response] = []
    with httpx.Client(base_url=client.base_url, timeout=30, trust_env=False) as other:
        first = threading.Thread(target=lambda: answers.append(other.post("/v1/recordings", content=slowly(), headers=headers)))
        first.start()
        until(lambda: rows_of(settings, "idempotency_keys"))
        busy = client.post("/v1/recordings", content=another, headers=headers)
        assert (busy.status_code, busy.json()["code"], busy.headers["Retry-After"]) == (409, "idempotency_key_in_use", "5")
        go_on.set()
        first.join(30)
    assert answers[0].status_code == 202
    assert client.post("/v1/recordings", content=another, headers=headers).headers["Idempotent-Replayed"] == "true"


def test_what_a_crash_has_left_can_be_asked_again(client: httpx.Client, settings: Settings, another: bytes) -> None:
    headers = {**AUDIO, **key()}
    first = client.post("/v1/recordings", content=another, headers=headers)
    # As if the process had died between the recording and the answer.
    change(settings, "UPDATE idempotency_keys SET status = NULL, lease_until = :moment", moment=time.time() + 30)
    assert client.post("/v1/recordings", content=another, headers=headers).status_code == 409
    change(settings, "UPDATE idempotency_keys SET lease_until = :moment", moment=time.time() - 1)
    again = client.post("/v1/recordings", content=another, headers=headers)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert rows_of(settings, "recordings") == 1


def test_answers_are_kept_for_a_day(client: httpx.Client, settings: Settings, another: bytes) -> None:
    headers = {**AUDIO, **key()}
    client.post("/v1/recordings", content=another, headers=headers)
    change(settings, "UPDATE idempotency_keys SET expires_at = '2020-01-01 00:00:00.000000'")
    assert "Idempotent-Replayed" not in client.post("/v1/recordings", content=another, headers=headers).headers
