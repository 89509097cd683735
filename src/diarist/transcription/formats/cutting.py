"""Finds the best places to cut a row of things in pieces, by dynamic programming."""

from __future__ import annotations

from collections.abc import Callable


def best_cuts(count: int, cost: Callable[[int, int], float | None]) -> list[tuple[int, int]]:
    """The spans `[first, after)` that cover 0 to `count` and together cost least.

    `cost(first, after)`: None when a span cannot be; then neither can a longer one that begins there. One alone always can.
    """
    least = [0.0] + [float("inf")] * count
    begins = [0] * (count + 1)
    for first in range(count):
        for after in range(first + 1, count + 1):
            price = cost(first, after)
            if price is None:
                break
            if least[first] + price < least[after]:
                least[after], begins[after] = least[first] + price, first
    spans: list[tuple[int, int]] = []
    after = count
    while after:
        spans.append((begins[after], after))
        after = begins[after]
    return spans[::-1]
