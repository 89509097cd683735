from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.content_disposition import content_disposition


@pytest.mark.parametrize(
    ("filename", "value"),
    [
        ("memo.m4a", 'inline; filename="memo.m4a"'),
        ("my memo (2).m4a", 'inline; filename="my memo (2).m4a"'),
        ('a"b.mp3', "inline; filename=\"a_b.mp3\"; filename*=UTF-8''a%22b.mp3"),
        ("über.mp3", "inline; filename=\"_ber.mp3\"; filename*=UTF-8''%C3%BCber.mp3"),
        ("50%.mp3", "inline; filename=\"50_.mp3\"; filename*=UTF-8''50%25.mp3"),
    ],
)
def test_a_name_is_told_to_old_and_new_clients(filename: str, value: str) -> None:
    assert content_disposition(filename) == value


@given(st.text(min_size=1))
def test_no_name_can_break_the_header(filename: str) -> None:
    value = content_disposition(filename, "attachment")
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_the_true_name_comes_back(filename: str) -> None:
    plain, _, extended = content_disposition(filename).partition("; filename*=UTF-8''")
    assert filename == (unquote(extended, errors="strict") if extended else plain.removeprefix('inline; filename="')[:-1])
