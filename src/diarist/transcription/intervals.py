"""Sets of moments as ascending, disjoint intervals; each function takes time in proportion to its input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

Moment = TypeVar("Moment", bound=float)
Interval = tuple[Moment, Moment]
"""From the first moment up to the second, which is none of it."""


def union(intervals: Iterable[Interval[Moment]], *, bridge: float = 0) -> list[Interval[Moment]]:
    """All of them, in any order; what lies no further apart than `bridge` is joined. Empty ones are left out."""
    joined: list[Interval[Moment]] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if joined and start <= joined[-1][1] + bridge:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def within(these: Sequence[Interval[Moment]], those: Sequence[Interval[Moment]]) -> list[Interval[Moment]]:
    """What both hold."""
    found: list[Interval[Moment]] = []
    i = j = 0
    while i < len(these) and j < len(those):
        start, end = max(these[i][0], those[j][0]), min(these[i][1], those[j][1])
        if start < end:
            found.append((start, end))
        if these[i][1] < those[j][1]:
            i += 1
        else:
            j += 1
    return found


def without(these: Sequence[Interval[Moment]], those: Sequence[Interval[Moment]]) -> list[Interval[Moment]]:
    """What these hold and those do not."""
    if not these:
        return []
    begin, end = these[0][0], these[-1][1]
    edges = [begin, *(edge for interval in those for edge in interval), end]
    return within(these, [(left, right) for left, right in zip(edges[::2], edges[1::2], strict=True) if left < right])
