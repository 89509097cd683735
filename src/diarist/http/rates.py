"""How often something may happen: the generic cell rate algorithm (ITU-T I.371, annex A), as a pure step.

Of each name one number is kept, the moment by which all that has happened would have happened at an even pace. What comes may be
ahead of that pace by one whole window, and no more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds."""

    limit: int
    seconds: float = 60.0

    @property
    def apart(self) -> float:
        """Seconds from one to the next, at an even pace."""
        return self.seconds / self.limit


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may happen now, and what of the rate is left."""

    rate: Rate
    allowed: bool
    even_at: float
    """What is kept: seconds on the clock that the step was told."""
    now: float

    @property
    def remaining(self) -> int:
        """How many may follow at once."""
        return max(0, math.floor((self.rate.seconds - (self.even_at - self.now)) / self.rate.apart + 1e-6))

    @property
    def reset(self) -> int:
        """Whole seconds after which everything is left again."""
        return max(0, math.ceil(self.even_at - self.now))

    @property
    def retry_after(self) -> float:
        """Seconds after which one more may happen."""
        return max(0.0, self.even_at + self.rate.apart - self.rate.seconds - self.now)


def step(rate: Rate, even_at: float | None, now: float) -> Verdict:
    """One more, or not; `even_at`: what was kept, None for a name that nothing is known of."""
    before = now if even_at is None else max(even_at, now)
    after = before + rate.apart
    # A billionth of the window is forgiven, as numbers with a point are not exact.
    if after - now > rate.seconds * (1 + 1e-9):
        return Verdict(rate, allowed=False, even_at=before, now=now)
    return Verdict(rate, allowed=True, even_at=after, now=now)
