"""Errors on the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.failures.failure import FailureKind
from diarist.failures.models import FailureRow

_EXAMPLE: JsonDict = {
    "id": "019a0c5e-6f0e-7c3b-9a53-0d7c2f6f9b11", "fingerprint": "3f0a9c1d27be", "code": "child_died", "kind": "child",
    "place": "transcribe", "count": 3, "first_seen": "2026-11-03T08:14:02Z", "last_seen": "2026-11-03T19:40:55Z",
    "version": "0.1.0", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "request_id": None,
    "job_id": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02", "task_id": "019a0c5e-7a42-7b0c-a1f3-5f3f0c1d2e3b", "resolved_at": None,
}  # fmt: skip


class AccountError(BaseModel):
    """Errors that are alike, as far as they happened to this account."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    fingerprint: str
    """The same for errors that are alike, whoever they happen to; to be named to whoever runs the server."""
    code: str
    """Stable name for machines, such as `child_died`."""
    kind: FailureKind
    """Where it came to light: in a `request`, a `task`, a `child` process and so on."""
    place: str
    """The route, or the stage of the work."""
    count: int
    first_seen: datetime
    last_seen: datetime
    version: str
    """Of Diarist, when it was seen last."""
    trace_id: str | None
    """Of the last one, as the next ones: what the log and traces know it by."""
    request_id: str | None
    job_id: UUID | None
    task_id: UUID | None
    resolved_at: datetime | None
    """When whoever runs the server said that it is mended; null again when a newer version has it."""


def failure_from_row(row: FailureRow) -> AccountError:
    """As an account's owner is told of it: nothing of the inside."""
    return AccountError(**{name: getattr(row, name) for name in AccountError.model_fields})
