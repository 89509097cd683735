"""Whether a day costs more than days do: against the median of those before it, by their median absolute deviation. Pure.

The modified z-score of B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers, 1993, which holds what is above 3.5 for an
outlier; one dear day among those before does not move it, as it would a mean.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

UNUSUAL = 3.5
_FEWEST = 7
_OF_NORMAL = 0.6745
"""Median absolute deviation of a normal distribution, in standard deviations."""
_LEAST_STRAY = 0.05
"""Of the median: where all days cost the same, a twentieth more is not yet a sign of anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A day among those before it."""

    cost: float
    median: float
    """Of a day before it."""
    score: float
    """0 for a usual day; below for a cheap one, or one that is not over."""

    @property
    def unusual(self) -> bool:
        """Whether somebody should look."""
        return self.score > UNUSUAL


def standing(cost: float, before: Sequence[float]) -> Standing | None:
    """`before`: what each of the days before cost; None where they are too few, or cost nothing."""
    median = statistics.median(before) if before else 0.0
    if len(before) < _FEWEST or median <= 0:
        return None
    stray = statistics.median([abs(one - median) for one in before])
    return Standing(cost=cost, median=median, score=_OF_NORMAL * (cost - median) / max(stray, _LEAST_STRAY * median))
