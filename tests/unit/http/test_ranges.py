from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.errors import RangeNotSatisfiable
from diarist.http.ranges import client_has_it, range_still_holds, requested_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-", (90, 100)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("Bytes=5-6", (5, 7)),
    ],
)
def test_one_range_is_understood(header: str, expected: tuple[int, int]) -> None:
    assert requested_range(header, 100) == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes=",
        "bytes=-",
        "bytes=0-1,5-6",
        "bytes=9-5",
        "bytes=a-b",
        "seconds=0-1",
        "bytes 0-1",
        "bytes=-1-2",
        "bytes=٣-٤",
    ],
)
def test_what_makes_no_sense_is_ignored(header: str | None) -> None:
    assert requested_range(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999999-"])
def test_a_range_outside_is_refused_and_the_size_is_told(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        requested_range(header, 100)
    assert refused.value.size == 100


@given(st.text(alphabet="bytes=-, 0123456789"), st.integers(1, 10**6))
def test_a_range_always_lies_inside(header: str, size: int) -> None:
    try:
        found = requested_range(header, size)
    except RangeNotSatisfiable:
        return
    if found is not None:
        start, end = found
        assert 0 <= start < end <= size


def test_a_range_holds_only_for_the_same_bytes() -> None:
    assert range_still_holds(None, '"a"')
    assert range_still_holds('"a"', '"a"')
    assert not range_still_holds('"b"', '"a"')
    assert not range_still_holds('W/"a"', '"a"')
    assert not range_still_holds("Wed, 21 Oct 2026 07:28:00 GMT", '"a"')


def test_a_copy_of_the_client_is_known_by_its_tag() -> None:
    assert client_has_it('"a"', '"a"')
    assert client_has_it('"b", W/"a"', '"a"')
    assert client_has_it("*", '"a"')
    assert not client_has_it('"b"', '"a"')
    assert not client_has_it(None, '"a"')
