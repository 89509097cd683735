"""How much a request may be, and what is answered when it is more."""

import gzip
import json
import socket
from pathlib import Path

import httpx
import pytest

from diarist.http.bounds import LONGEST_URI, MOST_BODY, MOST_HEADERS


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_body_that_is_read_whole_has_a_bound(lasting_client: httpx.Client) -> None:
    body = json.dumps({"name": "a" * MOST_BODY, "scopes": ["read"]}).encode()
    headers = {"Content-Type": "application/json"}
    assert code(lasting_client.post("/v1/keys", content=body, headers=headers)) == (413, "body_too_large")
    # Also where it comes without its length, and where the answer might be kept.
    pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    again = {**headers, "Idempotency-Key": "so-large"}
    assert code(lasting_client.post("/v1/users", content=pieces, headers=again)) == (413, "body_too_large")


def test_a_file_has_bounds_of_its_own(lasting_client: httpx.Client, memo: Path) -> None:
    sound = memo.read_bytes()
    answer = lasting_client.post("/v1/recordings", files={"file": sound + bytes(MOST_BODY)})
    assert answer.status_code == 202
    lasting_client.delete(f"/v1/recordings/{answer.json()['id']}")


@pytest.mark.parametrize("path", ["/v1/keys", "/v1/recordings"])
def test_what_is_compressed_on_its_way_is_not_unpacked(lasting_client: httpx.Client, path: str) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = lasting_client.post(path, content=gzip.compress(bytes(10**6)), headers=headers)
    assert code(answer) == (415, "unsupported_content_encoding")
    assert answer.headers["Accept-Encoding"] == "identity"
    assert lasting_client.get("/v1/recordings", headers={"Content-Encoding": "identity"}).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "audio/wav", "application/x-www-form-urlencoded", ""])
def test_what_is_not_json_where_json_is_wanted_is_told_so(lasting_client: httpx.Client, content_type: str) -> None:
    body = b'{"name": "phone", "scopes": ["read"]}'
    answer = lasting_client.post("/v1/keys", content=body, headers={"Content-Type": content_type} if content_type else {})
    assert code(answer) == (415, "unsupported_media_type")
    assert "JSON" in answer.json()["advice"]
    assert code(lasting_client.post("/v1/keys")) == (422, "invalid_request")


def test_an_address_has_a_bound(lasting_client: httpx.Client) -> None:
    assert code(lasting_client.get(f"/v1/recordings?fields={'a' * LONGEST_URI}")) == (414, "uri_too_long")
    assert code(lasting_client.get(f"/v1/{'a' * LONGEST_URI}")) == (414, "uri_too_long")


def test_headers_have_a_bound(lasting_client: httpx.Client) -> None:
    assert code(lasting_client.get("/v1/recordings", headers={"Cookie": "a" * MOST_HEADERS})) == (431, "headers_too_large")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a" * 65_600, (431, "headers_too_large")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", (400, "malformed_request")),
    ],
)
def test_what_cannot_even_be_read_is_a_problem_too(lasting_client: httpx.Client, sent: bytes, expected: tuple[int, str]) -> None:
    with socket.create_connection((lasting_client.base_url.host, lasting_client.base_url.port or 0)) as connection:
        connection.sendall(sent)
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    assert (int(head.split()[1]), json.loads(body)["code"]) == expected
    assert b"application/problem+json" in head
