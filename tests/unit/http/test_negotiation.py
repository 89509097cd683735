from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.errors import NotAcceptable
from diarist.http.negotiation import choose

OFFERED = ("application/json", "text/plain", "application/x-subrip", "text/vtt")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/vtt", "text/vtt"),
        ("TEXT/VTT", "text/vtt"),
        ("text/*", "text/plain"),
        ("text/plain;q=0.5, text/vtt", "text/vtt"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("application/json;q=0, */*", "text/plain"),
        ("text/*;q=0.9, text/plain;q=0.1, application/json;q=0.5", "text/vtt"),
        ("text/vtt; charset=utf-8; q=0.7, text/plain; q=0.6", "text/vtt"),
        ("text/plain;q=none", "text/plain"),
        ("text/plain;q=nan, text/vtt;q=0.9", "text/plain"),
        (" , text/vtt ,", "text/vtt"),
    ],
)
def test_the_type_that_the_client_likes_best_is_chosen(accept: str | None, chosen: str) -> None:
    assert choose(accept, OFFERED) == chosen


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "*/*;q=0", "json"])
def test_what_cannot_be_given_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="text/vtt"):
        choose(accept, OFFERED)


@given(st.text())
def test_no_header_breaks_it(accept: str) -> None:
    with contextlib.suppress(NotAcceptable):
        assert choose(accept, OFFERED) in OFFERED
