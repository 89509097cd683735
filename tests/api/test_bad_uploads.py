import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from diarist.settings import HttpSettings, Settings
from made_audio import beep, write_audio, write_video
from served import blobs_of, nothing_is_stored, served
from waiting import until

MEGABYTE = 1 << 20


def expect_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["instance"] == answer.request.url.path
    assert all(problem[field] for field in ("type", "title", "detail", "advice"))
    return problem


def text_renamed(folder: Path) -> Path:
    path = folder / "memo.mp3"
    path.write_text("Dear diary, this is not a recording.\n" * 100)
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.wav"
    path.touch()
    return path


def no_samples(folder: Path) -> Path:
    return write_audio(folder / "nothing.wav", beep(0.0, 16_000), 16_000, "pcm_s16le")


def no_sound(folder: Path) -> Path:
    return write_video(folder / "silent.mp4", sound=None)


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [(empty, 422, "empty_file"), (text_renamed, 415, "unsupported_audio"), (no_samples, 422, "no_samples"),
     (no_sound, 415, "no_audio_track")],
)  # fmt: skip
def test_what_is_no_recording_is_refused_and_not_stored(
    lasting_client: httpx.Client, lasting_settings: Settings, tmp_path: Path, make: Any, status: int, code: str
) -> None:
    path = make(tmp_path)
    expect_problem(lasting_client.post("/v1/recordings", files={"file": (path.name, path.read_bytes())}), status, code)
    as_body = lasting_client.post("/v1/recordings", content=path.read_bytes(), headers={"Content-Type": "audio/mpeg"})
    expect_problem(as_body, status, code)
    assert nothing_is_stored(lasting_settings)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", "", "audio"])
def test_a_body_of_another_kind_is_refused(
    lasting_client: httpx.Client, lasting_settings: Settings, memo: Path, content_type: str
) -> None:
    answer = lasting_client.post("/v1/recordings", content=memo.read_bytes(), headers={"Content-Type": content_type})
    expect_problem(answer, 415, "unsupported_media_type")
    assert nothing_is_stored(lasting_settings)


def test_a_request_without_body_is_refused(lasting_client: httpx.Client, lasting_settings: Settings) -> None:
    expect_problem(lasting_client.post("/v1/recordings"), 415, "unsupported_media_type")
    empty_body = lasting_client.post("/v1/recordings", headers={"Content-Type": "audio/wav"})
    expect_problem(empty_body, 422, "empty_file")
    assert nothing_is_stored(lasting_settings)


def test_a_form_that_ends_too_early_is_refused(lasting_client: httpx.Client, lasting_settings: Settings, memo: Path) -> None:
    request = lasting_client.build_request("POST", "/v1/recordings", files={"file": memo.read_bytes()})
    whole = request.read()
    headers = {"Content-Type": request.headers["Content-Type"]}
    for cut in (10, len(whole) // 2, len(whole) - 6):
        expect_problem(lasting_client.post("/v1/recordings", content=whole[:cut], headers=headers), 400, "malformed_request")
    no_boundary = lasting_client.post("/v1/recordings", content=whole, headers={"Content-Type": "multipart/form-data"})
    expect_problem(no_boundary, 400, "malformed_request")
    assert nothing_is_stored(lasting_settings)


def test_a_form_must_hold_one_recording(lasting_client: httpx.Client, lasting_settings: Settings, memo: Path) -> None:
    sound = memo.read_bytes()
    for files in ([("audio", sound)], [("file", sound), ("file", sound)], [("file", (None, b"memo.wav"))]):
        expect_problem(lasting_client.post("/v1/recordings", files=files), 422, "invalid_request")
    assert nothing_is_stored(lasting_settings)


@pytest.fixture
def small(settings: Settings) -> Iterator[httpx.Client]:
    """Of a server that takes at most a megabyte."""
    with served(settings.model_copy(update={"http": HttpSettings(max_upload_bytes=MEGABYTE)})) as client:
        yield client


def test_too_much_is_refused_before_it_is_sent_when_the_client_says_how_much(small: httpx.Client, settings: Settings) -> None:
    connection = http.client.HTTPConnection(small.base_url.host, small.base_url.port or 0, timeout=30)
    connection.putrequest("POST", "/v1/recordings")
    connection.putheader("Content-Type", "audio/wav")
    connection.putheader("Content-Length", str(100 * MEGABYTE))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert b'"too_large"' in answer.read()
    connection.close()
    assert nothing_is_stored(settings)


def test_too_much_is_refused_as_soon_as_it_shows(small: httpx.Client, settings: Settings, memo: Path) -> None:
    def without_end() -> Iterator[bytes]:
        yield memo.read_bytes()
        for _ in range(20):
            yield bytes(MEGABYTE // 10)

    chunked = small.post("/v1/recordings", content=without_end(), headers={"Content-Type": "audio/wav"})
    expect_problem(chunked, 413, "too_large")
    form = small.post("/v1/recordings", files={"file": bytes(MEGABYTE + 1)})
    expect_problem(form, 413, "too_large")
    assert small.get("/v1/recordings").json()["items"] == []
    assert nothing_is_stored(settings)


def test_exactly_as_much_as_is_accepted_is_accepted(settings: Settings, memo: Path) -> None:
    exact = settings.model_copy(update={"http": HttpSettings(max_upload_bytes=memo.stat().st_size)})
    with served(exact) as client:
        assert client.post("/v1/recordings", files={"file": memo.read_bytes()}).status_code == 202


def test_a_client_that_goes_away_leaves_nothing_behind(lasting_client: httpx.Client, lasting_settings: Settings) -> None:
    with socket.create_connection((lasting_client.base_url.host, lasting_client.base_url.port or 0)) as connection:
        headers = f"Host: 127.0.0.1\r\nContent-Type: audio/wav\r\nContent-Length: {40 * MEGABYTE}"
        connection.sendall(f"POST /v1/recordings HTTP/1.1\r\n{headers}\r\n\r\n".encode() + bytes(20 * MEGABYTE))
        until(lambda: blobs_of(lasting_settings))
    until(lambda: not blobs_of(lasting_settings))
    assert nothing_is_stored(lasting_settings)
    assert lasting_client.get("/v1/recordings").json()["items"] == []
