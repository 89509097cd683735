"""Moments of a recording as people read them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """`m:ss`, or `h:mm:ss` from an hour on; rounded down, as players show it."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
