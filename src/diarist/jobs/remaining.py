"""How long a running task will still take: a pure estimate."""

from __future__ import annotations


def remaining(*, done: float, total: float | None, elapsed: float, pace: float | None) -> float | None:
    """Seconds until its end, or None when nothing is known.

    `done` of `total` seconds of audio took `elapsed` seconds so far; `pace`: seconds of audio in a second, as such a task went
    before, for one that has only begun.
    """
    if total is None:
        return None
    if done > 0:
        return max(0.0, total - done) * elapsed / done
    return max(0.0, total / pace - elapsed) if pace else None
