"""tus 1.0.0, request by request."""

import hashlib
import socket
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from diarist.recordings.uploads.protocol import ALGORITHMS, checksum_header
from diarist.recordings.uploads.receiving import PIECE_BYTES
from diarist.settings import Settings
from served import blobs_of, rows_of
from tus_wire import CHUNK, VERSION, begin, begun, encoded, look, offset_of, send
from waiting import until

UNKNOWN = "/v1/tus/019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"


def test_the_server_says_what_it_speaks(lasting_client: httpx.Client) -> None:
    answer = lasting_client.options("/v1/tus")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "creation-defer-length", "expiration", "checksum", "termination", "concatenation",
    }  # fmt: skip
    assert int(answer.headers["Tus-Max-Size"]) == 20 * 1024**3
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256,md5,crc32"


@pytest.mark.parametrize("version", [{}, {"Tus-Resumable": "0.2.2"}])
@pytest.mark.parametrize(("method", "address"), [("POST", "/v1/tus"), ("HEAD", UNKNOWN), ("PATCH", UNKNOWN), ("DELETE", UNKNOWN)])
def test_another_version_is_refused(lasting_client: httpx.Client, method: str, address: str, version: dict[str, str]) -> None:
    answer = lasting_client.request(method, address, headers=version)
    assert (answer.status_code, answer.headers["Tus-Version"], answer.headers["Tus-Resumable"]) == (412, "1.0.0", "1.0.0")


def test_bytes_in_three_pieces_become_the_recording(client: httpx.Client, settings: Settings, another: bytes) -> None:
    metadata = encoded(filename="tuesday evening.wav", filetype="audio/wav")["Upload-Metadata"]
    address = begun(client, len(another), Upload_Metadata=metadata)
    first, second = len(another) // 3, len(another) // 2
    for start, end in ((0, first), (first, second)):
        answer = send(client, address, start, another[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
        assert "Diarist-Recording" not in answer.headers
        assert parsedate_to_datetime(answer.headers["Upload-Expires"]) > datetime.now(UTC) + timedelta(hours=23)
    found = look(client, address)
    assert (found.status_code, found.headers["Upload-Offset"], found.headers["Upload-Length"]) == (
        200,
        str(second),
        str(len(another)),
    )
    assert found.headers["Upload-Metadata"] == metadata
    assert found.headers["Cache-Control"] == "no-store"
    last = send(client, address, second, another[second:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(another)))
    recording = client.get(last.headers["Diarist-Recording"]).json()
    assert (recording["filename"], recording["sha256"]) == ("tuesday evening.wav", hashlib.sha256(another).hexdigest())
    assert client.get(last.headers["Diarist-Job"]).json()["recording_id"] == recording["id"]
    assert look(client, address).headers["Diarist-Recording"] == last.headers["Diarist-Recording"]
    assert (rows_of(settings, "recordings"), rows_of(settings, "jobs"), rows_of(settings, "upload_pieces")) == (1, 1, 0)
    assert len(blobs_of(settings)) == 1, "only the recording is kept"
    status = client.get(address).json()
    assert (status["state"], status["recording_id"], status["offset"]) == ("recorded", recording["id"], len(another))


def test_the_bytes_may_come_with_the_creation(client: httpx.Client, another: bytes) -> None:
    answer = client.post("/v1/tus", content=another, headers={**VERSION, **CHUNK, "Upload-Length": str(len(another))})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(another)))
    assert client.get(answer.headers["Diarist-Recording"]).json()["size_bytes"] == len(another)


def test_the_length_may_be_said_later(client: httpx.Client, another: bytes) -> None:
    address = begun(client, Upload_Defer_Length="1")
    assert look(client, address).headers["Upload-Defer-Length"] == "1"
    send(client, address, 0, another[:1000])
    too_little = send(client, address, 1000, b"", Upload_Length="999")
    assert (too_little.status_code, too_little.json()["code"]) == (409, "conflict")
    answer = send(client, address, 1000, another[1000:], Upload_Length=str(len(another)))
    assert client.get(answer.headers["Diarist-Recording"]).json()["size_bytes"] == len(another)


def test_the_length_alone_can_be_what_was_missing(client: httpx.Client, another: bytes) -> None:
    address = begun(client, Upload_Defer_Length="1")
    assert "Diarist-Job" not in send(client, address, 0, another).headers
    assert "Diarist-Job" in send(client, address, len(another), b"", Upload_Length=str(len(another))).headers


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 422, "invalid_request"),
        ({"Upload-Length": "many"}, 422, "invalid_request"),
        ({"Upload-Length": "-1"}, 422, "invalid_request"),
        ({"Upload-Length": "0"}, 422, "empty_file"),
        ({"Upload-Length": str(30 * 1024**3)}, 413, "too_large"),
        ({"Upload-Length": "5", "Upload-Defer-Length": "1"}, 422, "invalid_request"),
        ({"Upload-Defer-Length": "2"}, 422, "invalid_request"),
        ({"Upload-Length": "5", "Upload-Metadata": "filename not base64"}, 422, "invalid_request"),
        ({"Upload-Length": "5", "Upload-Metadata": "a QQ==,a QQ=="}, 422, "invalid_request"),
        ({"Upload-Length": "5", "Upload-Metadata": "a " + "Q" * 9000}, 422, "invalid_request"),
        ({"Upload-Length": "5", **encoded(priority="urgent")}, 422, "invalid_request"),
        ({"Upload-Length": "5", "Upload-Concat": "final"}, 422, "invalid_request"),
        ({"Upload-Concat": "final;/v1/tus/x"}, 422, "invalid_request"),
        ({"Upload-Concat": f"final;https://elsewhere.example{UNKNOWN}"}, 404, "not_found"),
        ({"Upload-Concat": f"final;{UNKNOWN} {UNKNOWN}"}, 422, "invalid_request"),
    ],
)  # fmt: skip
def test_what_cannot_begin(lasting_client: httpx.Client, headers: dict[str, str], status: int, code: str) -> None:
    answer = lasting_client.post("/v1/tus", headers={**VERSION, **headers})
    assert (answer.status_code, answer.json()["code"], answer.headers["Tus-Resumable"]) == (status, code, "1.0.0")


def test_metadata_is_understood_and_nothing_else_is_needed(lasting_client: httpx.Client) -> None:
    assert begin(lasting_client, 5, Upload_Metadata="").status_code == 201
    odd = begun(lasting_client, 5, Upload_Metadata="is_confidential,filename " + b64encode(b"../../a\x00b.wav").decode())
    assert lasting_client.get(odd).json()["filename"] == "a\N{REPLACEMENT CHARACTER}b.wav"


@pytest.mark.parametrize(
    ("offset", "content", "headers", "status", "code"),
    [
        (0, b"12345", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (1, b"12345", {}, 409, "offset_mismatch"),
        (0, b"1234567", {}, 413, "too_large"),
        (0, iter([b"123", b"4567"]), {}, 413, "too_large"),
        (0, b"12345", {"Upload-Checksum": "sha1 " + b64encode(bytes(20)).decode()}, 460, "checksum_mismatch"),
        (0, b"12345", {"Upload-Checksum": "sha512 " + b64encode(bytes(64)).decode()}, 422, "invalid_request"),
        (0, b"12345", {"Upload-Checksum": "sha1 short"}, 422, "invalid_request"),
        (0, b"12345", {"Upload-Offset": "?"}, 422, "invalid_request"),
    ],
)
def test_what_is_not_added(
    client: httpx.Client, settings: Settings, offset: int, content: Any, headers: dict[str, str], status: int, code: str
) -> None:
    address = begun(client, 6)
    answer = client.patch(address, content=content, headers={**VERSION, **CHUNK, "Upload-Offset": str(offset), **headers})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert offset_of(client, address) == 0
    assert blobs_of(settings) == []


@pytest.mark.parametrize("algorithm", list(ALGORITHMS))
def test_a_body_that_matches_its_checksum_counts(client: httpx.Client, another: bytes, algorithm: str) -> None:
    address = begun(client, len(another))
    wrong = send(client, address, 0, another[:-1] + bytes([another[-1] ^ 1]), Upload_Checksum=checksum_header(algorithm, another))
    assert (wrong.status_code, offset_of(client, address)) == (460, 0)
    right = send(client, address, 0, another, Upload_Checksum=checksum_header(algorithm, another))
    assert client.get(right.headers["Diarist-Recording"]).json()["sha256"] == hashlib.sha256(another).hexdigest()


def test_what_is_no_recording_is_refused_for_good(client: httpx.Client, settings: Settings) -> None:
    address = begun(client, 9)
    answer = send(client, address, 0, b"no sound.")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_audio")
    assert look(client, address).status_code == 415
    assert send(client, address, 9, b"").json()["code"] == "unsupported_audio"
    assert client.get(address).json()["error_code"] == "unsupported_audio"
    assert (blobs_of(settings), rows_of(settings, "recordings")) == ([], 0)


def test_an_upload_can_be_given_up(client: httpx.Client, settings: Settings) -> None:
    address = begun(client, 100)
    send(client, address, 0, b"half of it")
    assert len(blobs_of(settings)) == 1
    assert client.delete(address, headers=VERSION).status_code == 204
    assert (blobs_of(settings), rows_of(settings, "uploads"), rows_of(settings, "upload_pieces")) == ([], 0, 0)
    assert look(client, address).status_code == 404
    assert send(client, address, 10, b"more").status_code == 404
    assert client.delete(address, headers=VERSION).status_code == 404


def test_a_recording_stays_when_its_upload_goes(client: httpx.Client, another: bytes) -> None:
    address = begun(client, len(another))
    recording = send(client, address, 0, another).headers["Diarist-Recording"]
    assert client.delete(address, headers=VERSION).status_code == 204
    assert client.get(f"{recording}/audio").content == another


def test_the_same_bytes_twice_are_one_recording(client: httpx.Client, settings: Settings, another: bytes) -> None:
    links = {send(client, begun(client, len(another)), 0, another).headers["Diarist-Recording"] for _ in range(2)}
    assert len(links) == rows_of(settings, "recordings") == rows_of(settings, "jobs") == 1


def test_a_connection_that_breaks_keeps_what_was_durable(client: httpx.Client, another: bytes) -> None:
    content = another + bytes(PIECE_BYTES)
    address = begun(client, len(content))
    url = urlsplit(str(client.base_url))
    with socket.create_connection((url.hostname, url.port)) as connection:
        head = f"PATCH {address} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        head += f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(content)}\r\n\r\n"
        connection.sendall(head.encode() + content[:-1])
        until(lambda: offset_of(client, address) >= PIECE_BYTES)
    # What followed the piece may be saved as well, a moment later.
    answer = until(lambda: (sent := send(client, address, (at := offset_of(client, address)), content[at:])).is_success and sent)
    assert client.get(answer.headers["Diarist-Recording"]).json()["sha256"] == hashlib.sha256(content).hexdigest()


def test_clients_that_can_only_post_name_the_method(client: httpx.Client, another: bytes) -> None:
    address = begun(client, len(another))
    headers = {**VERSION, **CHUNK, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert client.post(address, content=another, headers=headers).status_code == 204
    assert client.post(address, headers={**VERSION, "X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert client.post(address, headers=VERSION).status_code == 405


def test_what_is_not_there_is_a_problem_of_tus_too(lasting_client: httpx.Client) -> None:
    for answer in (lasting_client.get(UNKNOWN), lasting_client.delete(UNKNOWN, headers=VERSION)):
        assert (answer.status_code, answer.json()["code"], answer.headers["Tus-Resumable"]) == (404, "not_found", "1.0.0")
