"""How long to wait before the same model is asked again."""

from __future__ import annotations

import random

_FIRST = 0.5
_LONGEST = 8.0
"""Seconds."""


def pause(failures: int, retry_after: float | None, chance: random.Random) -> float:
    """Seconds to wait after so many failures in a row.

    Full jitter: anything up to a bound that doubles (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/);
    never less than the provider asks for.
    """
    jitter = chance.uniform(0.0, min(_LONGEST, _FIRST * 2 ** (failures - 1)))
    return (retry_after or 0.0) + jitter
