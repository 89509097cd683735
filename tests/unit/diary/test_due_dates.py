"""Days are worked out only from words that name one, in the owner's time zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from diarist.diary.compose import compose
from diarist.diary.due_dates import dated, due_date
from diarist.domain.days import Days, zone_of
from heard import heard

TUESDAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("tomorrow", "2026-11-04"),
        ("by tomorrow at the latest", "2026-11-04"),
        ("tonight", "2026-11-03"),
        ("the day after tomorrow", "2026-11-05"),
        ("by Friday", "2026-11-06"),
        ("on Monday", "2026-11-09"),
        ("by Tuesday", "2026-11-10"),
        ("Wednesday noon", "2026-11-04"),
        ("in three days", "2026-11-06"),
        ("by the twentieth", "2026-11-20"),
        ("by the 2nd", "2026-12-02"),
        ("before the twenty first of November", "2026-11-21"),
        ("by March 3", "2027-03-03"),
        ("by Christmas", "2026-12-25"),
        ("on the thirty first", None),
        ("on the 30th of February", None),
        ("next Friday", None),
        ("by the end of the month", None),
        ("in two weeks", None),
        ("at five", None),
        ("before Anna comes", None),
        ("on Monday or Tuesday", None),
        ("every Monday", None),
        ("as soon as possible", None),
        ("until Friday", None),
    ],
)
def test_a_day_is_named_or_none_is(due: str, day: str | None) -> None:
    assert due_date(due, TUESDAY) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 3, 19, 0, tzinfo=UTC), "UTC", date(2026, 11, 4)),
        (datetime(2026, 11, 3, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 11, 4)),
        (datetime(2026, 11, 3, 23, 30, tzinfo=UTC), "Asia/Tokyo", date(2026, 11, 5)),
        (datetime(2026, 11, 3, 2, 0, tzinfo=UTC), "America/New_York", date(2026, 11, 3)),
    ],
)
def test_tomorrow_is_the_owner_s(moment: datetime, zone: str, day: date) -> None:
    own = Days(zone=zone_of(zone)).day_of(moment)
    entry = dated(compose(heard("I have to call the bank tomorrow.")), own)

    assert [item.due_date for item in entry.action_items] == [day]


@pytest.mark.parametrize("whom", ["Ben", "Anna", "the neighbour"])
def test_a_day_behind_a_name_that_ends_like_a_small_word_is_a_due_day(whom: str) -> None:
    [item] = compose(heard(f"I have to call {whom} tomorrow.")).action_items

    assert item.due == "tomorrow"


def test_in_other_languages_nothing_is_worked_out() -> None:
    entry = compose(heard("I have to call the bank tomorrow."))

    assert [item.due_date for item in dated(replace(entry, language="de"), TUESDAY).action_items] == [None]
