"""What models turn out to be: how long they take, and how much of what they say is proven. Pure; means that forget.

Both are exponentially weighted. Quality is the share of statements (claims, sentences) that passed the checks of what was said;
the figure in force mixes it with the one in the settings, which counts as so many statements, and goes back to that with time,
so that a model that did badly once is not shut out for good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_NEWEST = 0.2
"""Weight of the newest time in the mean of times."""
_REMEMBERED = 400.0
"""Statements that a mean of quality remembers."""
_FORGOTTEN = timedelta(days=14)
"""After which what was judged counts half."""
UNREADABLE = 5
"""Statements that fail with an answer that is not valid, of which nobody knows how much it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of one model."""

    seconds: float | None = None
    """Mean time to the last token of an answer; None before the first."""
    share: float = 0.0
    """Mean share of statements that passed, 0 to 1; says nothing while `weight` is 0."""
    weight: float = 0.0
    """Statements that `share` rests on, as of `judged_at`."""
    judged: int = 0
    """Statements that were judged since ever."""
    judged_at: datetime | None = None


UNMEASURED = Measured()


def timed(before: Measured, seconds: float) -> Measured:
    """After one more answer."""
    mean = seconds if before.seconds is None else before.seconds
    return replace(before, seconds=mean + _NEWEST * (seconds - mean))


def judged(before: Measured, *, said: int, passed: int, now: datetime) -> Measured:
    """After an answer with so many statements, of which so many passed."""
    if not said:
        return before
    old = _weight(before, now)
    share = before.share + (passed / said - before.share) * said / (old + said)
    weight = min(_REMEMBERED, old + said)
    return replace(before, share=share, weight=weight, judged=before.judged + said, judged_at=now)


def quality(measured: Measured, configured: int, counts_as: float, now: datetime) -> float:
    """0 to 100: what the settings say and what was measured, each by the number of statements that it counts as."""
    weight = _weight(measured, now)
    if not weight:
        return float(configured)
    return (configured * counts_as + 100 * measured.share * weight) / (counts_as + weight)


def _weight(measured: Measured, now: datetime) -> float:
    if measured.judged_at is None:
        return 0.0
    age = max(timedelta(0), now - measured.judged_at)
    return float(measured.weight * 0.5 ** (age / _FORGOTTEN))
