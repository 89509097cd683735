"""Fetching over real sockets, from hosts that cheat."""

import asyncio
import hashlib
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from diarist.errors import AddressRefused, DiaristError, NotGiven, SourceTooSlow, SourceUnreachable, TooLarge
from diarist.recordings.fetching.download import MAX_REDIRECTS, download
from diarist.recordings.fetching.resolving import Resolver
from diarist.settings import ImportSettings
from web_host import Answer, Host, head, hosting, sends

LIMIT = 10_000_000
LOCAL = IPv4Network("127.0.0.1/32")


def allowing(host: Host, **changed: float) -> ImportSettings:
    limits = {"connect_seconds": 2.0, "idle_seconds": 0.5, "max_seconds": 5.0, **changed}
    return ImportSettings(allow_http=True, ports=[host.port], private_networks=[LOCAL]).model_copy(update=limits)


def answering(*answers: Sequence[str]) -> Resolver:
    """A resolver that gives one answer after the other, the last for ever."""
    remaining = list(answers)

    async def resolver(host: str, port: int) -> Sequence[str]:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    return resolver


async def fetched(url: str, settings: ImportSettings, **given: Resolver | ssl.SSLContext) -> bytes:
    async with download(url, settings, LIMIT, **given) as found:  # type: ignore[arg-type]
        return b"".join([piece async for piece in found.pieces])


async def test_it_brings_the_bytes_and_their_name() -> None:
    content = bytes(range(256)) * 4000
    answer = head(content_length=str(len(content)), content_disposition='attachment; filename="talk.mp3"')
    async with hosting({"/x": sends(answer, content)}) as host:
        async with download(host.url("/x?key=1"), allowing(host), LIMIT) as found:
            pieces = [piece async for piece in found.pieces]
        assert (found.filename, found.size_bytes) == ("talk.mp3", len(content))
        assert hashlib.sha256(b"".join(pieces)).digest() == hashlib.sha256(content).digest()
        assert len(pieces) > 1
        asked = host.requests[0].lower()
    assert asked.startswith("get /x?key=1 http/1.1")
    assert "accept-encoding: identity" in asked
    assert f"host: 127.0.0.1:{host.port}" in asked
    assert "cookie" not in asked


async def test_without_a_setting_nothing_of_this_machine_can_be_reached() -> None:
    async with hosting({"/": sends(head(), b"secret")}) as host:
        settings = ImportSettings(allow_http=True, ports=[host.port])
        for name in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0", "[::1]", "[::ffff:127.0.0.1]", "[::]"):
            with pytest.raises(AddressRefused):
                await fetched(host.url(name=name), settings)
    assert host.requests == []


async def test_a_host_with_one_forbidden_address_is_refused_whole() -> None:
    async with hosting({"/": sends(head(), b"secret")}) as host:
        with pytest.raises(AddressRefused, match=r"example\.org"):
            await fetched(host.url(name="example.org"), allowing(host), resolver=answering(["127.0.0.1", "10.0.0.1"]))
    assert host.requests == []


async def test_a_name_is_resolved_once_so_that_rebinding_changes_nothing() -> None:
    """Were the name resolved again to connect, it would mean the forbidden address by then, and not exist for the system."""
    calls: list[str] = []

    async def rebinding(name: str, port: int) -> Sequence[str]:
        calls.append(name)
        return ["127.0.0.1"] if len(calls) == 1 else ["127.0.0.2"]

    async with hosting({"/": sends(head(), b"fine")}) as host:
        assert await fetched(host.url(name="rebinding.invalid"), allowing(host), resolver=rebinding) == b"fine"
    assert calls == ["rebinding.invalid"]
    assert f"Host: rebinding.invalid:{host.port}" in host.requests[0]


async def test_each_redirect_is_resolved_and_checked_anew() -> None:
    pages = {
        "/": sends(head("302 Found", location="/next", set_cookie="a=b")),
        "/next": sends(head("307 Temporary Redirect", location="/end")),
        "/end": sends(head(), b"fine"),
        "/meta": sends(head("302 Found", location="http://169.254.169.254/latest/meta-data/")),
        "/file": sends(head("302 Found", location="file:///etc/passwd")),
        "/nowhere": sends(head("302 Found")),
    }
    async with hosting(pages) as host:
        assert await fetched(host.url(), allowing(host)) == b"fine"
        assert not any("cookie" in request.lower() for request in host.requests)
        for path in ("/meta", "/file"):
            with pytest.raises(AddressRefused):
                await fetched(host.url(path), allowing(host))
        with pytest.raises(NotGiven, match="where"):
            await fetched(host.url("/nowhere"), allowing(host))
        with pytest.raises(AddressRefused, match="not a public"):
            await fetched(host.url(name="x.invalid"), allowing(host), resolver=answering(["127.0.0.1"], ["127.0.0.2"]))


async def test_a_redirect_to_a_private_address_is_refused_though_its_port_is_open() -> None:
    async with hosting({"/secret": sends(head(), b"secret")}) as hidden:
        location = f"http://127.0.0.2:{hidden.port}/secret"
        async with hosting({"/": sends(head("301 Moved Permanently", location=location))}) as host:
            settings = allowing(host).model_copy(update={"ports": [host.port, hidden.port]})
            with pytest.raises(AddressRefused):
                await fetched(host.url(), settings)
    assert hidden.requests == []


async def test_redirects_that_go_in_circles_end() -> None:
    async with hosting({"/": sends(head("302 Found", location="/"))}) as host:
        with pytest.raises(NotGiven, match="circles"):
            await fetched(host.url(), allowing(host))
    assert len(host.requests) == MAX_REDIRECTS + 1


async def silent(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


def dribbling(beginning: bytes, piece: bytes, pause: float) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (silent, "did not answer"),
        (dribbling(b"HTTP/1.1 200 OK\r\n", b"x-a: b\r\n", 0.1), "did not answer"),
        (dribbling(head(), b"", 1), "sent nothing for"),
        (dribbling(head(transfer_encoding="chunked"), b"0", 0.1), "sent nothing for"),  # a size that never ends
        (dribbling(head(), b"x", 0.1), "was not done within"),
    ],
    ids=["silent", "slow head", "silent body", "slow chunk size", "slow body"],
)
async def test_who_is_slow_is_given_up(answer: Answer, reason: str) -> None:
    async with hosting({"/": answer}) as host:
        async with asyncio.timeout(5):
            with pytest.raises(SourceTooSlow, match=reason):
                await fetched(host.url(), allowing(host, connect_seconds=0.5, idle_seconds=0.4, max_seconds=1.0))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (sends(head("404 Not Found"), b"gone"), NotGiven),
        (sends(head("206 Partial Content"), b"part"), NotGiven),
        (sends(head("401 Unauthorized"), b""), NotGiven),
        (sends(head(content_encoding="gzip"), b"bomb"), NotGiven),
        (sends(head(content_type="text/html; charset=utf-8"), b"<html>"), NotGiven),
        (sends(head(content_length=str(LIMIT + 1))), TooLarge),
        (sends(head(content_length="10"), b"short"), SourceUnreachable),
        (sends(head(content_length="-5"), b"x"), SourceUnreachable),
        (sends(head(transfer_encoding="chunked"), b"5\r\nab"), SourceUnreachable),
        (sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), SourceUnreachable),
        (sends(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000), SourceUnreachable),
        (sends(b""), SourceUnreachable),
    ],
)
async def test_what_is_not_an_honest_answer_is_refused(answer: Answer, error: type[DiaristError]) -> None:
    async with hosting({"/": answer}) as host:
        with pytest.raises(error):
            await fetched(host.url(), allowing(host))


async def test_no_more_is_read_than_was_announced() -> None:
    async with hosting({"/": sends(head(content_length="4"), b"fineand more")}) as host:
        assert await fetched(host.url(), allowing(host)) == b"fine"


async def test_where_nobody_listens_the_next_address_is_tried() -> None:
    async with hosting({"/": sends(head(), b"fine")}) as host:
        settings = allowing(host).model_copy(update={"private_networks": [IPv4Network("127.0.0.0/8")]})
        resolver = answering(["127.0.0.3", "127.0.0.1"])
        assert await fetched(host.url(name="two.invalid"), settings, resolver=resolver) == b"fine"
        with pytest.raises(SourceUnreachable, match=r"no connection to two\.invalid"):
            await fetched(host.url(name="two.invalid"), settings, resolver=answering(["127.0.0.3"]))


async def test_a_name_that_does_not_exist_is_said_to() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolver in (unknown, answering([])):
        with pytest.raises(SourceUnreachable, match="there is no host"):
            await fetched("https://nowhere.invalid/", ImportSettings(), resolver=resolver)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of `talks.invalid`, made by openssl, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, and the standard library makes no certificates")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = [
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
        *("-subj", "/CN=talks.invalid", "-addext", "subjectAltName=DNS:talks.invalid"),
        *("-keyout", str(key), "-out", str(certificate)),
    ]
    subprocess.run(made, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


async def test_the_certificate_must_be_one_for_the_name_and_from_somebody_trusted(certificate: Path) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    names: list[str | None] = []
    serving.sni_callback = lambda _connection, name, _context: names.append(name)
    trusting = ssl.create_default_context(cafile=certificate)
    here = answering(["127.0.0.1"])
    async with hosting({"/": sends(head(), b"fine")}, tls=serving) as host:
        url = host.url(scheme="https", name="talks.invalid")
        assert await fetched(url, allowing(host), resolver=here, tls=trusting) == b"fine"
        assert names == ["talks.invalid"]
        with pytest.raises(SourceUnreachable, match="no connection"):
            await fetched(url.replace("talks", "other"), allowing(host), resolver=here, tls=trusting)
        with pytest.raises(SourceUnreachable, match="no connection"):
            await fetched(url, allowing(host), resolver=here)
    assert len(host.requests) == 1


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with hosting({}) as proxy, hosting({"/": sends(head(), b"fine")}) as host:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert await fetched(host.url(), allowing(host)) == b"fine"
    assert proxy.requests == []
