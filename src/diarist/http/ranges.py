"""Reads the headers that ask for a part of a recording (RFC 9110, 13 and 14); pure."""

from __future__ import annotations

import re

from diarist.http.errors import RangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


def requested_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last, of `size` bytes; None for the whole.

    A header of another unit, with several ranges or without sense is ignored, as the standard allows. Raises
    `RangeNotSatisfiable`.
    """
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable(size)
    return start, end


def range_still_holds(if_range: str | None, etag: str) -> bool:
    """Whether the client's part is of what we have now; a date never is, for we send none."""
    return if_range is None or if_range.strip() == etag


def client_has_it(if_none_match: str | None, etag: str) -> bool:
    """Whether the client's copy is what we have now; weak tags compare like strong ones here (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in tags or etag in tags
