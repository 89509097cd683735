"""`Prefer: wait=30`: whoever asks would rather wait for the end than ask again (RFC 7240, 4.3)."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Request

LONGEST = 50.0
"""Seconds that anybody is let wait; proxies commonly cut connections after sixty of silence."""
HEADER = "Prefer"
APPLIED = "Preference-Applied"
_WAIT = re.compile(r'\s*wait\s*=\s*(?:"([0-9]{1,9})"|([0-9]{1,9}))\s*(?:;.*)?', re.IGNORECASE)
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": f"`wait=30`: answer when the job has ended, or after so many seconds, {LONGEST:.0f} at most, as it is then. "
    f"`{APPLIED}` says how many were granted; it is missing where the server has no room for those who wait.",
    "schema": {"type": "string"},
    "example": "wait=30",
}
"""For the description of a route that heeds it."""
APPLIED_HEADER = {APPLIED: {"description": "`wait`, as it was granted.", "schema": {"type": "string"}}}


def preferred_wait(lines: list[str]) -> float:
    """Seconds that the headers ask to wait, bounded; 0 where they do not, or are not understood, as the standard wants it."""
    for line in lines:
        for preference in line.split(","):
            if found := _WAIT.fullmatch(preference):
                # The first one counts (RFC 7240, 2).
                return min(LONGEST, float(found[1] or found[2]))
    return 0.0


def applied(seconds: float) -> dict[str, str]:
    """The header that says what was granted."""
    return {APPLIED: f"wait={seconds:.0f}", "Vary": HEADER}


async def _wait(request: Request) -> float:
    return preferred_wait(request.headers.getlist(HEADER))


PreferredWait = Annotated[float, Depends(_wait)]
