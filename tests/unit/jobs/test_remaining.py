import pytest

from diarist.jobs.remaining import remaining


@pytest.mark.parametrize(
    ("done", "total", "elapsed", "pace", "expected"),
    [
        (100.0, 300.0, 10.0, None, 20.0),
        (100.0, 300.0, 10.0, 1000.0, 20.0),  # how it goes now says more than how another went
        (300.0, 300.0, 10.0, None, 0.0),
        (301.0, 300.0, 10.0, None, 0.0),
        (0.0, 300.0, 2.0, 30.0, 8.0),
        (0.0, 300.0, 20.0, 30.0, 0.0),
        (0.0, 300.0, 2.0, None, None),
        (0.0, None, 2.0, 30.0, None),
        (50.0, None, 2.0, None, None),
    ],
)
def test_the_rest_is_told_where_it_can_be(
    done: float, total: float | None, elapsed: float, pace: float | None, expected: float | None
) -> None:
    assert remaining(done=done, total=total, elapsed=elapsed, pace=pace) == (
        expected if expected is None else pytest.approx(expected)
    )
