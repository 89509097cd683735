"""Chooses a media type by the `Accept` header (RFC 9110, 12.5.1); pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.http.errors import NotAcceptable

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The offered type that the client likes best, the earlier one in a tie; raises `NotAcceptable`."""
    if not (accept or "").strip():
        return offered[0]
    wishes = [_wish(part) for part in (accept or "").split(",") if part.strip()]
    liked = max(offered, key=lambda media_type: _quality(media_type, wishes))
    if _quality(liked, wishes) == 0:
        raise NotAcceptable(f"none of the accepted types can be given; there are {', '.join(offered)}")
    return liked


def _wish(part: str) -> tuple[str, float]:
    """A media range and its quality; a quality that cannot be read counts as 1, as if it were not there."""
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            quality = float(value) if _QUALITY.fullmatch(value.strip()) else 1.0
    return media_range, quality


def _quality(media_type: str, wishes: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers the type; 0 when none does."""
    family = media_type.partition("/")[0]
    for covering in (media_type, f"{family}/*", "*/*"):
        found = [quality for media_range, quality in wishes if media_range == covering]
        if found:
            return max(found)
    return 0.0
