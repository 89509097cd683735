"""How long models take: exponentially weighted means of what was measured in this process."""

from __future__ import annotations

_WEIGHT = 0.2
"""Of the newest."""


class Latencies:
    """Seconds from a question to the last token of its answer, by model; there is no first token to time without streaming."""

    def __init__(self) -> None:
        self._means: dict[str, float] = {}

    def measured(self, name: str, seconds: float) -> None:
        """Count one call that was answered."""
        mean = self._means.get(name, seconds)
        self._means[name] = mean + _WEIGHT * (seconds - mean)

    def of(self, name: str) -> float | None:
        """None before the first."""
        return self._means.get(name)
