"""Which route answers a request."""

from __future__ import annotations

from starlette.types import Scope


def pattern_of(scope: Scope) -> str | None:
    """The path of the route, its parameters in braces; None while none is found. A path itself may hold what a person typed."""
    pattern: str | None = getattr(scope.get("route"), "path", None)
    return pattern
