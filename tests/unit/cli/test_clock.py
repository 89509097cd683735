"""Moments, lengths and sizes as people read them."""

from datetime import UTC, datetime

import pytest

from diarist.cli.clock import clock, duration, moment, size


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (9.99, "0:09"), (61, "1:01"), (3599.9, "59:59"), (3600, "1:00:00"), (36_061, "10:01:01")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.04, "0.0 s"), (0.96, "1.0 s"), (1, "1 s"), (59.7, "1:00"), (60, "1:00"), (150, "2:30")]
)
def test_duration(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (187_492, "187.5 kB"), (3.2e9, "3.2 GB"), (5e15, "5000.0 TB")],
)
def test_size(count: float, shown: str) -> None:
    assert size(count) == shown


def test_moment_is_told_in_the_time_zone_of_the_machine() -> None:
    when = datetime(2026, 11, 3, 19, 20, tzinfo=UTC)
    assert moment(when) == when.astimezone().strftime("%Y-%m-%d %H:%M")
