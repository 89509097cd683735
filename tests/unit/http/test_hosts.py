from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.errors import ForeignHost, ForeignOrigin
from diarist.http.hosts import allowed_names, host_name, refusal
from diarist.settings import HttpSettings

LOCAL = allowed_names(HttpSettings())


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000", "[::1]"])
def test_our_own_names_are_answered_at_any_port(host: str) -> None:
    assert refusal(host, None, LOCAL) is None
    assert refusal(host, f"http://{host}", LOCAL) is None


@pytest.mark.parametrize(
    "host",
    [None, "", "evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.2", "[::2]:8000",
     "user@127.0.0.1", "evil.example/127.0.0.1", "127.0.0.1/../evil", "[::1", "0.0.0.0:8000", "evil.example#@127.0.0.1"],
)  # fmt: skip
def test_a_foreign_host_is_refused(host: str | None) -> None:
    assert isinstance(refusal(host, None, LOCAL), ForeignHost)


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://evil.example", "https://evil.example:8000", "http://127.0.0.1.evil.example", "file://127.0.0.1",
     "127.0.0.1", "chrome-extension://localhost", "http://127.0.0.1@evil.example"],
)  # fmt: skip
def test_a_foreign_origin_is_refused(origin: str) -> None:
    assert isinstance(refusal("127.0.0.1:8000", origin, LOCAL), ForeignOrigin)


def test_the_configured_host_and_public_address_are_ours_too() -> None:
    names = allowed_names(HttpSettings(host="192.168.1.5", public_url="https://diary.example/base"))
    assert {"192.168.1.5", "diary.example", "localhost"} <= names


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]"])  # noqa: S104 - that it means any address is what is tested
def test_listening_on_any_address_makes_no_name_ours(host: str) -> None:
    assert allowed_names(HttpSettings(host=host)) == LOCAL


@given(st.text())
def test_no_header_breaks_it(text: str) -> None:
    name = host_name(text)
    assert name is None or name == name.lower()
    refusal(text, text, LOCAL)
