"""When to try again what did not work: after twice the time that was waited before, up to a limit. Pure."""

from __future__ import annotations

from collections.abc import Hashable

_FIRST, _LONGEST = 1.0, 300.0
"""Seconds."""


class Later:
    """What is to be tried again, and when; `now` is a steady clock's."""

    def __init__(self) -> None:
        self._waits: dict[Hashable, tuple[float, float, str]] = {}

    def put_off(self, key: Hashable, reason: str, now: float) -> tuple[float, bool]:
        """Wait before the next try; returns for how many seconds, and whether the reason is a new one."""
        _, last, known = self._waits.get(key, (0.0, _FIRST / 2, ""))
        seconds = min(last * 2, _LONGEST)
        self._waits[key] = (now + seconds, seconds, reason)
        return seconds, reason != known

    def is_due(self, key: Hashable, now: float) -> bool:
        """Whether it is time; what was never put off always is."""
        return key not in self._waits or now >= self._waits[key][0]

    def worked(self, key: Hashable) -> None:
        """It worked at last."""
        self._waits.pop(key, None)
