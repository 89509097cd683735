"""Recordings that are given as an address, fetched from a host on this machine that the settings allow."""

import asyncio
import hashlib
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path

import httpx
import pytest
from anyio.from_thread import start_blocking_portal

from diarist.settings import HttpSettings, ImportSettings, Settings
from served import nothing_is_stored, served
from web_host import Host, head, hosting, sends

LIMIT = 200_000


@pytest.fixture
def host(memo: Path) -> Iterator[Host]:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(head(transfer_encoding="chunked"))
        while True:
            writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            await writer.drain()

    pages = {
        "/talks/Gr%C3%BC%C3%9Fe.wav": sends(head(content_type="audio/wav"), memo.read_bytes()),
        "/named": sends(head(content_disposition='attachment; filename="../../tuesday.wav"'), memo.read_bytes()),
        "/moved": sends(head("302 Found", location="/named")),
        "/endless": endless,
        "/text": sends(head(), b"Dear diary, nothing was recorded. " * 100),
        "/nothing": sends(head(content_length="0")),
        "/inside": sends(head("302 Found", location="http://169.254.169.254/latest/meta-data/")),
        "/broken": sends(head(content_length="100000"), memo.read_bytes()[:1000]),
    }
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(hosting(pages)) as host:
        yield host


@pytest.fixture
def importing(settings: Settings, host: Host) -> Settings:
    """That the test's host may be imported from."""
    imports = ImportSettings(allow_http=True, ports=[host.port], private_networks=[IPv4Network("127.0.0.1/32")])
    return settings.model_copy(update={"imports": imports, "http": HttpSettings(max_upload_bytes=LIMIT)})


def test_a_recording_is_fetched_and_its_job_begins(importing: Settings, host: Host, memo: Path) -> None:
    with served(importing) as client:
        answer = client.post("/v1/recordings/imports", json={"url": host.url("/talks/Gr%C3%BC%C3%9Fe.wav")})
        recording = answer.json()
        assert (answer.status_code, recording["filename"], recording["job"]["state"]) == (202, "Grüße.wav", "queued")
        assert recording["sha256"] == hashlib.sha256(memo.read_bytes()).hexdigest()
        assert answer.headers["Location"] == f"/v1/jobs/{recording['job']['id']}"
        assert client.get(f"/v1/recordings/{recording['id']}/audio").content == memo.read_bytes()
        again = client.post("/v1/recordings/imports", json={"url": host.url("/moved"), "filename": "another.wav"})
        assert (again.status_code, again.json()) == (200, recording)


@pytest.mark.parametrize(
    ("given", "kept"), [({}, "tuesday.wav"), ({"filename": "/etc/my\nown.wav"}, "my\N{REPLACEMENT CHARACTER}own.wav")]
)
def test_its_name_is_for_people(importing: Settings, host: Host, given: dict[str, str], kept: str) -> None:
    with served(importing) as client:
        answer = client.post("/v1/recordings/imports", json={"url": host.url("/moved"), **given})
    assert (answer.status_code, answer.json()["filename"]) == (202, kept)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/endless", 413, "too_large"),
        ("/text", 415, "unsupported_audio"),
        ("/nothing", 422, "empty_file"),
        ("/gone", 422, "not_given"),
        ("/inside", 422, "address_refused"),
        ("/broken", 502, "source_unreachable"),
    ],
)
def test_what_is_no_recording_is_refused_and_leaves_nothing(
    importing: Settings, host: Host, path: str, status: int, code: str
) -> None:
    with served(importing) as client:
        answer = client.post("/v1/recordings/imports", json={"url": host.url(path) + "?key=hunter2"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "hunter2" not in answer.text
    assert code not in {"not_given", "source_unreachable"} or "127.0.0.1" in answer.json()["detail"]
    assert nothing_is_stored(importing)


def test_by_default_nothing_private_and_nothing_unencrypted_is_fetched(settings: Settings, host: Host) -> None:
    with served(settings.model_copy(update={"imports": ImportSettings()})) as client:
        for url in (host.url("/named"), "https://127.0.0.1/", "https://[::1]/", "https://localhost/", "file:///etc/passwd"):
            answer = client.post("/v1/recordings/imports", json={"url": url})
            assert (answer.status_code, answer.json()["code"]) == (422, "address_refused")
    assert host.requests == []


def test_imports_can_be_switched_off(client: httpx.Client, host: Host) -> None:
    for url in (host.url("/named"), "https://example.org/"):
        answer = client.post("/v1/recordings/imports", json={"url": url})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert host.requests == []


@pytest.mark.parametrize("body", [{}, {"url": ""}, {"url": 5}, {"url": "https://x" * 1000}, {"url": "https://x", "extra": 1}])
def test_the_request_must_be_understood(client: httpx.Client, body: dict[str, object]) -> None:
    answer = client.post("/v1/recordings/imports", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
