"""What a problem comes to in the errors of other APIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BAD = 400
_BAD_TOO = {415, 421, 422}
"""What others answer with 400, and their clients take for a bad request."""


def status_of(problem: Mapping[str, Any]) -> int:
    """The status, of all bad requests the same."""
    return _BAD if problem["status"] in _BAD_TOO else int(problem["status"])


def message_of(problem: Mapping[str, Any]) -> str:
    """What happened, field by field where it is about fields, and what to do."""
    named = ", ".join(f"{field['name']}: {field['message']}" for field in problem.get("fields") or ())
    return f"{(named or problem['detail']).rstrip('.')}. {problem['advice']}"
