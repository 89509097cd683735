from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.notifications.schedule import LONGEST, read_retry_after, wait
from diarist.settings.webhooks import WebhookSettings

RETRIES = WebhookSettings().retries
NOW = datetime(2026, 11, 3, 19, 20, tzinfo=UTC)


def test_tries_are_those_of_the_standard_over_three_days_and_then_there_are_none() -> None:
    planned = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for tried, seconds in enumerate(planned, start=1):
        waits = {wait(RETRIES, tried) or 0 for _ in range(50)}
        assert 0.8 * seconds <= min(waits) < max(waits) <= 1.2 * seconds
    assert wait(RETRIES, len(planned) + 1) is None
    assert wait([], 1) is None


@given(st.integers(1, len(RETRIES)), st.floats(0, 10 * LONGEST))
def test_it_is_never_sooner_than_the_receiver_wants_within_a_day(tried: int, wanted: float) -> None:
    seconds = wait(RETRIES, tried, wanted)
    assert seconds is not None
    assert min(wanted, LONGEST) <= seconds <= max(min(wanted, LONGEST), 1.2 * RETRIES[tried - 1])


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0), (" 0 ", 0.0), ("Tue, 03 Nov 2026 19:21:00 GMT", 60.0), ("Tue, 03 Nov 2026 19:00:00 GMT", 0.0),
        ("", None), ("soon", None), ("-5", None), ("1.5", None), ("٣", None),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(header: str, seconds: float | None) -> None:
    assert read_retry_after(header, NOW) == seconds


@given(st.text(max_size=80))
def test_no_header_is_too_odd(header: str) -> None:
    assert (read_retry_after(header, NOW) or 0) >= 0
