from pathlib import Path

import httpx
import pytest


@pytest.fixture(scope="module")
def audio(lasting_client: httpx.Client, memo: Path) -> str:
    recording = lasting_client.post("/v1/recordings", files={"file": ("Grüße.wav", memo.read_bytes())}).json()
    return f"/v1/recordings/{recording['id']}/audio"


def test_the_whole_names_itself(lasting_client: httpx.Client, audio: str, memo: Path) -> None:
    answer = lasting_client.get(audio)
    assert (answer.status_code, answer.content) == (200, memo.read_bytes())
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Content-Length"] == str(memo.stat().st_size)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Disposition"] == "inline; filename=\"Gr__e.wav\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.wav"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"] == '"' + lasting_client.get(audio.removesuffix("/audio")).json()["sha256"] + '"'


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=-44", -44, None), ("bytes=60000-", 60000, None)],
)
def test_a_part_is_answered_with_just_that_part(
    lasting_client: httpx.Client, audio: str, memo: Path, header: str, start: int, end: int | None
) -> None:
    whole = memo.read_bytes()
    answer = lasting_client.get(audio, headers={"Range": header})
    assert (answer.status_code, answer.content) == (206, whole[start:end])
    first = start % len(whole)
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_parts_put_together_are_the_whole(lasting_client: httpx.Client, audio: str, memo: Path) -> None:
    size = memo.stat().st_size
    parts = [lasting_client.get(audio, headers={"Range": f"bytes={at}-{at + 9_999}"}).content for at in range(0, size, 10_000)]
    assert b"".join(parts) == memo.read_bytes()


def test_a_part_outside_is_refused(lasting_client: httpx.Client, audio: str, memo: Path) -> None:
    answer = lasting_client.get(audio, headers={"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{memo.stat().st_size}"


def test_several_parts_at_once_are_answered_with_the_whole(lasting_client: httpx.Client, audio: str, memo: Path) -> None:
    answer = lasting_client.get(audio, headers={"Range": "bytes=0-1,5-6"})
    assert (answer.status_code, answer.content) == (200, memo.read_bytes())


def test_a_part_of_other_bytes_is_answered_with_the_whole(lasting_client: httpx.Client, audio: str) -> None:
    etag = lasting_client.head(audio).headers["ETag"]
    assert lasting_client.get(audio, headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    assert lasting_client.get(audio, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200


def test_what_the_client_has_is_not_sent_again(lasting_client: httpx.Client, audio: str) -> None:
    etag = lasting_client.head(audio).headers["ETag"]
    answer = lasting_client.get(audio, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)


def test_head_tells_the_headers_alone(lasting_client: httpx.Client, audio: str, memo: Path) -> None:
    answer = lasting_client.head(audio, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == str(memo.stat().st_size)
    assert answer.headers["ETag"] == lasting_client.get(audio).headers["ETag"]
    missing = lasting_client.head("/v1/recordings/019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02/audio")
    assert (missing.status_code, missing.content) == (404, b"")
