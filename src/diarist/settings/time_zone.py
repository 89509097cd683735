"""The time zone of this machine, in which the days of an embedded diary are counted unless its owner says otherwise."""

from __future__ import annotations

from zoneinfo import ZoneInfoNotFoundError

import tzlocal

from diarist.domain.days import zone_of
from diarist.errors import InvalidInput

FALLBACK = "UTC"


def machine_zone() -> str:
    """Its IANA name; UTC where the machine says none, or several."""
    try:
        named: str | None = tzlocal.get_localzone_name()
        zone = zone_of(named or FALLBACK).key
    except (ZoneInfoNotFoundError, InvalidInput):
        return FALLBACK
    return zone.removeprefix("Etc/") if zone == f"Etc/{FALLBACK}" else zone
