"""Whether a day is like other days."""

import pytest

from diarist.costs.unusual import standing


def test_a_day_like_the_others_is_not_unusual() -> None:
    found = standing(11.0, [9.0, 10.0, 11.0, 12.0, 8.0, 10.0, 10.0])
    assert found is not None
    assert (found.median, found.unusual) == (10.0, False)


def test_one_dear_day_before_hides_no_other() -> None:
    found = standing(100.0, [9.0, 10.0, 11.0, 12.0, 8.0, 10.0, 100.0])
    assert found is not None
    assert found.score == pytest.approx(0.6745 * 90.0)
    assert found.unusual


def test_a_cheap_day_is_none_to_be_told_of() -> None:
    found = standing(0.0, [10.0, 11.0] * 10)
    assert found is not None
    assert not found.unusual


def test_days_that_all_cost_the_same_leave_some_room() -> None:
    found, dear = standing(11.0, [10.0] * 28), standing(14.0, [10.0] * 28)
    assert found is not None
    assert dear is not None
    assert (found.unusual, dear.unusual) == (False, True)


@pytest.mark.parametrize("before", [[], [10.0] * 6, [0.0] * 28])
def test_too_few_days_and_days_without_costs_tell_nothing(before: list[float]) -> None:
    assert standing(10.0, before) is None
