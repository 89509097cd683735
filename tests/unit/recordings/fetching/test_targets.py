"""What an address of the web may look like, and where it may send us."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.errors import AddressRefused, DiaristError
from diarist.recordings.fetching.addresses import read_address
from diarist.recordings.fetching.targets import check, redirected
from diarist.settings import ImportSettings

STRICT = ImportSettings()
PLAIN = ImportSettings(allow_http=True, ports=[80, 443, 8080])


@pytest.mark.parametrize(
    "text",
    [
        "", "talk.mp3", "/etc/passwd", "file:///etc/passwd", "ftp://example.org/a", "gopher://example.org/_x", "data:audio/wav,x",
        "http://example.org/a.mp3", "https://", "https:///a.mp3", "https://anna@example.org/a", "https://anna:pw@example.org/a",
        "https://example.org:22/a", "https://example.org:8080/a", "https://exa\nmple.org/", "https://example.org:99999/",
        "https://[::1/", "https://example.org/\x00", "https://" + "a" * 9000,
    ],
)  # fmt: skip
def test_what_is_not_a_plain_https_address_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused):
        check(text, STRICT)


def test_passwords_are_not_repeated() -> None:
    with pytest.raises(AddressRefused) as refused:
        check("https://anna:hunter2@example.org/a", STRICT)
    assert "hunter2" not in refused.value.message + refused.value.advice


@pytest.mark.parametrize(
    ("text", "host", "port", "header"),
    [
        ("https://example.org/a.mp3", "example.org", 443, "example.org"),
        ("HTTPS://EXAMPLE.org:443/a", "example.org", 443, "example.org:443"),
        ("https://bücher.example/a", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"),
        ("https://[2606:4700::1]/a", "2606:4700::1", 443, "[2606:4700::1]"),
        ("http://example.org:8080/a", "example.org", 8080, "example.org:8080"),
    ],
)
def test_host_and_port_are_those_of_the_address(text: str, host: str, port: int, header: str) -> None:
    target = check(text, PLAIN)
    assert (target.host, target.port, target.host_header) == (host, port, header)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1"])
def test_a_pinned_address_leaves_nothing_to_resolve(address: str) -> None:
    pinned = check("https://example.org/a%20b/talk.mp3?key=1#t=5", STRICT).pinned(read_address(address))
    assert pinned.host == address
    assert (pinned.raw_path, pinned.fragment) == (b"/a%20b/talk.mp3?key=1", "")


@given(
    st.text(max_size=60)
    | st.text(max_size=40).map("https://example.org/{}".format)
    | st.text(max_size=40).map("https://{}".format)
)
def test_any_text_is_a_target_or_refused(text: str) -> None:
    try:
        target = check(text, STRICT)
    except AddressRefused:
        return
    assert (target.url.scheme, target.port in {80, 443}, target.url.userinfo) == ("https", True, b"")
    assert httpx.URL(target.pinned(read_address("93.184.216.34"))).host == "93.184.216.34"


def test_redirects_are_checked_like_the_first_address() -> None:
    first = check("https://example.org/a/b", PLAIN)
    assert str(redirected(first, "../c.mp3", PLAIN).url) == "https://example.org/c.mp3"
    assert redirected(first, "//other.example/c", PLAIN).host == "other.example"
    for location in (
        "http://example.org/c",
        "//u:p@other.example/",
        "file:///etc/passwd",
        "https://example.org:22/",
        "https://[x]/",
        "",
    ):
        with pytest.raises(DiaristError) as refused:
            redirected(first, location, PLAIN)
        assert refused.value.code in {"address_refused", "not_given"}
    assert redirected(check("http://example.org/", PLAIN), "https://example.org/", PLAIN).port == 443
