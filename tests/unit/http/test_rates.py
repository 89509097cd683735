from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.http.rates import Rate, Verdict, step

RATES = st.builds(Rate, st.integers(1, 500), st.floats(0.5, 3600))
PAUSES = st.lists(st.one_of(st.just(0.0), st.floats(0, 100)), max_size=60)


def run(rate: Rate, pauses: list[float]) -> list[Verdict]:
    """What comes of requests with these pauses between them."""
    now, even_at, verdicts = 0.0, None, []
    for pause in pauses:
        now += pause
        verdicts.append(step(rate, even_at, now))
        even_at = verdicts[-1].even_at
    return verdicts


def test_as_many_as_the_limit_may_come_at_once_and_then_one_by_one() -> None:
    rate = Rate(3, 60)
    verdicts = run(rate, [0, 0, 0, 0, 20, 0, 60, 0, 0])
    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False, True, False, True, True, True]
    assert [verdict.remaining for verdict in verdicts[:4]] == [2, 1, 0, 0]
    assert verdicts[3].retry_after == pytest.approx(20)
    assert verdicts[2].reset == 60


@given(RATES, PAUSES)
def test_in_no_window_are_there_more_than_twice_the_limit(rate: Rate, pauses: list[float]) -> None:
    """A window's worth may be saved up, and a window's worth comes in a window."""
    allowed = [verdict.now for verdict in run(rate, pauses) if verdict.allowed]
    for at in allowed:
        assert sum(at <= other < at + rate.seconds for other in allowed) <= 2 * rate.limit + 1


@given(RATES, PAUSES)
def test_whoever_waits_as_long_as_told_is_let_in(rate: Rate, pauses: list[float]) -> None:
    for verdict in run(rate, pauses):
        if not verdict.allowed:
            assert verdict.retry_after > 0
            assert step(rate, verdict.even_at, verdict.now + verdict.retry_after).allowed


@given(RATES, PAUSES)
def test_a_refusal_costs_nothing_and_what_is_left_is_within_bounds(rate: Rate, pauses: list[float]) -> None:
    verdicts = run(rate, pauses)
    assert all(0 <= verdict.remaining <= rate.limit and verdict.reset >= 0 for verdict in verdicts)
    for before, after in pairwise(verdicts):
        if not after.allowed:
            assert after.even_at <= max(before.even_at, after.now)
