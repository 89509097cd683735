"""When a recording was made, as its own header has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
"""Recorders whose clock was never set say 1904, 1970 or 1980."""
_AHEAD = timedelta(1)
"""By which a recorder's clock may go before ours."""


def recorded_at(metadata: Mapping[str, str]) -> datetime | None:
    """What MP4, QuickTime and Matroska say in UTC, and FFmpeg calls `creation_time`; None where that cannot be.

    WAV and Ogg name a date without a time zone, or one that people have written; nothing is made of those.
    """
    try:
        moment = datetime.fromisoformat(metadata["creation_time"])
    except (KeyError, ValueError):
        return None
    if moment.tzinfo is None or not _FIRST <= moment <= datetime.now(UTC) + _AHEAD:
        return None
    return moment.astimezone(UTC)
