"""An event as it is sent: encoded once, however many read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from diarist.database.base import utc_now
from diarist.events.models import EventRow

OPENED = "stream.opened"
"""Comes first; whoever has seen it can go on from there."""
MISSED = "stream.missed"
"""What should stand here is not kept any more."""
PROGRESS = "job.progress"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One message of a stream."""

    kind: str
    position: int | None = None
    """Where a reader goes on who has seen this; None for a hint, which is told once."""
    job_id: UUID | None = None
    json: bytes

    @cached_property
    def frame(self) -> bytes:
        """As a server-sent event (HTML, 9.2.6)."""
        place = b"" if self.position is None else b"id: %d\n" % self.position
        return b"%sevent: %s\ndata: %s\n\n" % (place, self.kind.encode(), self.json)


def told(
    kind: str,
    data: Mapping[str, Any],
    *,
    position: int | None = None,
    job_id: UUID | None = None,
    recording_id: UUID | None = None,
    at: datetime | None = None,
) -> Told:
    """A message with these JSON values; `at`: when it happened, now unless it is said."""
    fields: dict[str, Any] = {} if position is None else {"id": str(position)}
    fields |= {"type": kind, "at": (at or utc_now()).isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    fields |= {name: str(value) for name, value in (("job_id", job_id), ("recording_id", recording_id)) if value is not None}
    encoded = json.dumps(fields | {"data": dict(data)}, separators=(",", ":"), ensure_ascii=False).encode()
    return Told(kind=kind, position=position, job_id=job_id, json=encoded)


def told_from_row(row: EventRow) -> Told:
    """What stands in the log."""
    return told(row.kind, row.data, position=row.position, job_id=row.job_id, recording_id=row.recording_id, at=row.at)
