"""When to try again; pure but for chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0
"""Seconds; whoever asks to be left alone for longer is asked again after a day."""
_JITTER = 0.2
"""What failed together is not tried again together."""


def wait(retries: Sequence[float], tried: int, retry_after: float | None = None) -> float | None:
    """Seconds until the next try, after `tried` tries; None when there is none. `retry_after`: what the receiver asked for.

    Never sooner than the receiver wants it, within a day.
    """
    if tried > len(retries):
        return None
    planned = retries[tried - 1] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, protects nothing
    return max(planned, min(retry_after or 0.0, LONGEST))


def read_retry_after(header: str, now: datetime) -> float | None:
    """Seconds that a `Retry-After` (RFC 9110, 10.2.3) asks for, as a number or as a date; None when it says nothing."""
    text = header.strip()[:64]
    if text.isdecimal() and text.isascii():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter of years that no clock has
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())
