"""The whole days before today by which a forecast is made and a day is judged. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

WEEKS = 4
DAYS = 7 * WEEKS
"""So many of each weekday, to tell how it usually is."""


def begin(daily: Mapping[date, float], today: date) -> date:
    """The first day that cost anything: whoever has begun in the middle of a month has had no days before."""
    return min((day for day, cost in daily.items() if cost > 0), default=today)


def past_days(daily: Mapping[date, float], today: date) -> Sequence[date]:
    """The last weeks, from the first day on that cost anything; `daily`: costs by day, days that are missing cost nothing."""
    first = begin(daily, today)
    latest = [today - timedelta(number) for number in range(DAYS, 0, -1)]
    return [day for day in latest if day >= first]
