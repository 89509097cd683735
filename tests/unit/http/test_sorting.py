"""Orders of lists, and cursors that carry theirs."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.database.ordering import FIRST, Place
from diarist.http.errors import OrderMixed
from diarist.http.sorting import next_cursor, place_of, places

ORDERS = ["created_at", "-created_at", "recorded_at", "-recorded_at"]
PATTERN: str = inspect.signature(places("recorded_at")).parameters["cursor"].default.metadata[0].pattern
MOMENTS = st.datetimes(datetime(1877, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside them


@given(st.sampled_from(ORDERS), st.uuids(), MOMENTS)
def test_a_cursor_goes_on_where_its_page_ended_in_its_order(sort: str, last: UUID, moment: datetime) -> None:
    order = place_of(sort, None)
    cursor = next_cursor(order, last, moment)
    assert re.fullmatch(PATTERN, cursor)
    by, value = order.by, moment if order.by == "recorded_at" else None
    expected = Place(by=by, descending=order.descending, after=last, value=value)
    assert place_of(None, cursor) == place_of(sort, cursor) == expected


@given(st.from_regex(PATTERN, fullmatch=True))
def test_whatever_the_pattern_lets_in_is_a_place(cursor: str) -> None:
    assert place_of(None, cursor).after is not None


@pytest.mark.parametrize("other", [one for one in ORDERS if one != "recorded_at"])
def test_a_cursor_is_not_taken_for_one_of_another_order(other: str) -> None:
    cursor = next_cursor(place_of("recorded_at", None), UUID(int=7), datetime(2026, 11, 3, tzinfo=UTC))
    with pytest.raises(OrderMixed, match="recorded_at"):
        place_of(other, cursor)


def test_the_newest_come_first_unless_told_otherwise() -> None:
    assert place_of(None, None) == FIRST
