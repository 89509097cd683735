from __future__ import annotations

import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from diarist.http.pagination import CURSOR_PATTERN, cut, decode_cursor, encode_cursor


@given(st.uuids())
def test_a_cursor_comes_back_as_the_id_it_was_made_of(last: UUID) -> None:
    cursor = encode_cursor(last)
    assert re.fullmatch(CURSOR_PATTERN, cursor)
    assert decode_cursor(cursor) == last


@given(st.from_regex(CURSOR_PATTERN, fullmatch=True))
def test_whatever_has_the_pattern_can_be_read(cursor: str) -> None:
    assert decode_cursor(cursor) is not None


def test_there_is_no_cursor_at_the_start() -> None:
    assert decode_cursor(None) is None


def test_one_row_more_than_the_limit_says_that_there_are_more() -> None:
    assert cut([1, 2, 3], 2) == ([1, 2], True)
    assert cut([1, 2], 2) == ([1, 2], False)
