"""Moments, lengths and sizes as people read them."""

from __future__ import annotations

from datetime import datetime

from diarist.domain.clock import clock

__all__ = ["clock", "count", "duration", "moment", "size"]


def duration(seconds: float) -> str:
    """How long something takes: `0.4 s`, `12 s`, then as a clock."""
    if seconds < 1:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else clock(whole)  # noqa: PLR2004 - seconds in a minute


def count(number: int, one: str, several: str = "") -> str:
    """So many of something: `1 segment`, `2 segments`."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def moment(when: datetime) -> str:
    """A moment in the time zone of this machine."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: float) -> str:
    """Bytes in the largest unit that leaves at least one of it."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:  # noqa: PLR2004 - decimal units, as shops sell disks
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
