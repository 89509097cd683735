"""How much lies in the object store, day by day, from what came and went. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta


def lying(changes: Mapping[date, int], first: date, last: date) -> Iterator[tuple[date, int]]:
    """Bytes that lay there at the end of each day from the first to the last; `changes`: what a day added or took away."""
    there = sum(change for day, change in changes.items() if day < first)
    day = first
    while day <= last:
        there += changes.get(day, 0)
        yield day, there
        day += timedelta(1)
