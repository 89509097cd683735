"""Every moment belongs to exactly one day, and days follow each other without a hole, wherever and whenever clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diarist.domain.days import LATEST, Days, day_begin, zone_of
from diarist.errors import InvalidInput

ZONES = [
    *("UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("Pacific/Apia", "Pacific/Kwajalein", "America/Juneau", "Asia/Manila", "Africa/Casablanca", "Antarctica/Troll"),
]
SECOND = timedelta(seconds=1)

days = st.builds(
    Days,
    zone=st.sampled_from(ZONES).map(zone_of),
    begins=st.times(max_value=LATEST).map(lambda one: one.replace(second=0, microsecond=0)),
)
moments = st.integers(-5_000_000_000, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From 1811 to 2191."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(days=days, moment=moments)
@example(days=Days(zone=zone_of("Europe/Berlin"), begins=time(2, 30)), moment=at("2026-10-25T01:10:00+00:00"))
@example(days=Days(zone=zone_of("Europe/Berlin"), begins=time(2, 30)), moment=at("2026-03-29T01:10:00+00:00"))
@example(days=Days(zone=zone_of("Pacific/Apia")), moment=at("2011-12-30T14:00:00+00:00"))
def test_every_moment_belongs_to_exactly_one_day(days: Days, moment: datetime) -> None:
    day = days.day_of(moment)
    around = [day + timedelta(shift) for shift in range(-3, 4)]

    assert [one for one in around if days.start_of(one) <= moment < days.end_of(one)] == [day]


@given(days=days, first=st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 1, 1)))
@example(days=Days(zone=zone_of("Pacific/Apia")), first=date(2011, 12, 30))
def test_days_follow_each_other_without_a_hole(days: Days, first: date) -> None:
    following = first + timedelta(1)

    assert days.end_of(first) == days.start_of(following)
    assert days.start_of(first) <= days.end_of(first)
    if days.start_of(first) < days.end_of(first):
        assert days.day_of(days.start_of(first)) == first
        assert days.day_of(days.end_of(first) - SECOND) == first


@given(days=days, moment=moments, offset=st.integers(-14, 14))
def test_a_moment_has_one_day_however_it_is_written(days: Days, moment: datetime, offset: int) -> None:
    assert days.day_of(moment.astimezone(timezone(timedelta(hours=offset)))) == days.day_of(moment)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Berlin", "2026-11-04T01:30:00+01:00", "2026-11-03"),
        ("Europe/Berlin", "2026-11-04T03:59:59+01:00", "2026-11-03"),
        ("Europe/Berlin", "2026-11-04T04:00:00+01:00", "2026-11-04"),
        ("America/New_York", "2026-11-04T08:59:59+00:00", "2026-11-03"),
        ("America/New_York", "2026-11-04T09:00:00+00:00", "2026-11-04"),
        ("Asia/Tokyo", "2026-11-03T19:00:00+00:00", "2026-11-04"),
    ],
)
def test_what_was_said_after_midnight_belongs_to_the_evening_before(zone: str, moment: str, day: str) -> None:
    assert Days(zone=zone_of(zone)).day_of(at(moment)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("begins", "day", "hours"),
    [
        (time(4), "2026-03-28", 23),
        (time(4), "2026-03-29", 24),
        (time(4), "2026-10-24", 25),
        (time(0), "2026-03-29", 23),
        (time(2, 30), "2026-10-25", 25),
    ],
)
def test_where_clocks_change_a_day_is_an_hour_shorter_or_longer(begins: time, day: str, hours: int) -> None:
    days, one = Days(zone=zone_of("Europe/Berlin"), begins=begins), date.fromisoformat(day)

    assert days.end_of(one) - days.start_of(one) == timedelta(hours=hours)


def test_a_day_that_a_place_has_skipped_has_no_moment() -> None:
    samoa = Days(zone=zone_of("Pacific/Apia"))

    assert samoa.start_of(date(2011, 12, 30)) == samoa.end_of(date(2011, 12, 30))
    assert samoa.day_of(samoa.start_of(date(2011, 12, 30))) == date(2011, 12, 31)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_the_first_and_the_last_day_that_can_be_named_are_days_too(zone: str) -> None:
    days = Days(zone=zone_of(zone))

    for day in (date.min, date.max):
        assert days.start_of(day) <= days.end_of(day)


@pytest.mark.parametrize("name", ["", "Europe", "../etc/passwd", "/etc/localtime", "Mars/Olympus", "Europe/Berlin\n", "\0"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        zone_of(name)


def test_a_day_begins_in_its_first_half() -> None:
    assert [day_begin(text) for text in ("00:00", "4:30", "12:00")] == [time(0), time(4, 30), time(12)]
    for text in ("12:01", "24:00", "four", "", "04:00:30"):
        with pytest.raises(InvalidInput, match="begin"):
            day_begin(text)
