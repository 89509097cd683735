"""What a month will have cost, by what it has cost so far. Pure.

What is spent so far is divided by the share of the month that is over. Where there are four weeks to learn from, a day's share is
what its weekday usually costs; else all days count the same. How far days stray from that says how far the month may: days are
taken to stray each by itself, so that the sum of n days strays by the root of n. What is to be different from now on, such as a
thousand recordings tomorrow, is in no past.
"""

from __future__ import annotations

import calendar
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from diarist.costs.past_days import DAYS, WEEKS, begin, past_days

_FEWEST = 3
"""Whole days by which it can be said how far they stray."""
_NINE_OF_TEN = 1.645
"""Standard deviations of a normal distribution that hold nine in ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Of one month; in currency."""

    expected: float
    low: float
    """In nine of ten such months it is no less, as far as the days so far can tell; never less than what is spent."""
    high: float | None
    """And no more; None while too few days are over to say so."""
    share: float
    """Of the month that is over, from the first day on that ever cost anything; above 0 and at most 1."""
    by_weekday: bool
    """Whether weekdays count differently."""


def forecast(daily: Mapping[date, float], today: date, of_today: float) -> Forecast | None:
    """Of the month of `today`; None where nothing can be said, as nothing is spent.

    `daily`: costs by day, of earlier months as well; days that are missing cost nothing. `of_today`: what share of it is over.
    """
    first = today.replace(day=1)
    began = begin(daily, today)
    whole_month = (first + timedelta(number) for number in range(calendar.monthrange(today.year, today.month)[1]))
    days = [day for day in whole_month if day >= began]
    spent = sum(daily.get(day, 0.0) for day in days if day <= today)
    learned = past_days(daily, today)
    weights = _weights(daily, learned)
    whole = sum(weights[day.weekday()] for day in days)
    over = sum(weights[day.weekday()] for day in days if day < today) + weights[today.weekday()] * of_today
    if spent <= 0 or over <= 0 or whole <= 0:
        return None
    expected = spent * whole / over
    strayed = _strayed(daily, learned, weights)
    rest = whole - over
    margin = None if strayed is None else _NINE_OF_TEN * strayed * math.sqrt(rest + rest * rest / over)
    return Forecast(
        expected=expected, low=spent if margin is None else max(spent, expected - margin),
        high=None if margin is None else expected + margin, share=min(1.0, over / whole), by_weekday=len(set(weights)) > 1,
    )  # fmt: skip


def _weights(daily: Mapping[date, float], days: Sequence[date]) -> Sequence[float]:
    """What a weekday costs, Monday first, as a share of the mean day."""
    mean = sum(daily.get(day, 0.0) for day in days) / len(days) if days else 0.0
    if len(days) < DAYS or mean <= 0:
        return [1.0] * 7
    return [sum(daily.get(day, 0.0) for day in days if day.weekday() == one) / WEEKS / mean for one in range(7)]


def _strayed(daily: Mapping[date, float], days: Sequence[date], weights: Sequence[float]) -> float | None:
    """Standard deviation of a mean day."""
    if len(days) < _FEWEST:
        return None
    mean = sum(daily.get(day, 0.0) for day in days) / len(days)
    return statistics.pstdev([daily.get(day, 0.0) - mean * weights[day.weekday()] for day in days], 0.0)
