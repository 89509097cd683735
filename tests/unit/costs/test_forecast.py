"""How a month will end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.costs.forecast import forecast

TODAY = date(2026, 11, 16)
"""A Monday."""


def days_before(costs: list[float]) -> dict[date, float]:
    """The last of them was yesterday."""
    return {TODAY - timedelta(len(costs) - place): cost for place, cost in enumerate(costs)}


def test_a_month_in_which_every_day_costs_the_same_ends_at_thirty_days_and_does_not_stray() -> None:
    found = forecast({**days_before([2.0] * 40), TODAY: 1.0}, TODAY, 0.5)
    assert found is not None
    assert found.expected == pytest.approx(60.0)
    assert found.low == pytest.approx(60.0)
    assert found.high == pytest.approx(60.0)
    assert found.share == pytest.approx(15.5 / 30)


def test_weekdays_count_as_they_usually_cost() -> None:
    daily = {day: 0.0 if day.weekday() > 4 else 10.0 for day in (TODAY - timedelta(number) for number in range(1, 60))}
    found = forecast(daily, TODAY, 0.0)
    assert found is not None
    assert found.by_weekday
    workdays = sum(date(2026, 11, day).weekday() <= 4 for day in range(1, 31))
    assert found.expected == pytest.approx(10.0 * workdays)


def test_without_four_weeks_all_days_count_the_same() -> None:
    found = forecast(days_before([1.0, 5.0, 1.0, 5.0]), TODAY, 0.0)
    assert found is not None
    assert not found.by_weekday
    assert found.expected == pytest.approx(12.0 / 4 * 19)  # the 12th was the first day
    assert found.high is not None
    assert found.low < found.expected < found.high


def test_too_few_days_do_not_tell_how_far_they_stray() -> None:
    found = forecast(days_before([1.0, 5.0]), TODAY, 0.0)
    assert found is not None
    assert found.high is None
    assert found.low == 6.0


def test_nothing_spent_says_nothing() -> None:
    assert forecast({}, TODAY, 0.5) is None


@given(st.lists(st.floats(0, 1e6), max_size=70), st.floats(0, 1e6), st.floats(0.01, 1))
def test_it_is_never_less_than_what_is_spent(costs: list[float], today: float, of_today: float) -> None:
    daily = {**days_before(costs), TODAY: today}
    found = forecast(daily, TODAY, of_today)
    spent = sum(cost for day, cost in daily.items() if TODAY.replace(day=1) <= day <= TODAY)
    if found is not None:
        assert found.expected >= spent * (1 - 1e-9)
        assert spent * (1 - 1e-9) <= found.low <= found.expected * (1 + 1e-9)
        assert found.high is None or found.high >= found.expected
        assert 0 < found.share <= 1
