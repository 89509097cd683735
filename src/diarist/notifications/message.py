"""What is sent: which event it was, and where more of it can be read. Never what was said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from diarist.domain.events import EventKind


def body(
    kind: str, at: datetime, job_id: UUID | None, recording_id: UUID | None, data: Mapping[str, Any], *, public_url: str = ""
) -> bytes:
    """The bytes that are signed and sent, the same for every try. `public_url`: base of the links; empty: they are relative."""
    about = {name: str(value) for name, value in (("job_id", job_id), ("recording_id", recording_id)) if value is not None}
    links = {name: public_url.rstrip("/") + path for name, path in _paths(kind, about, data).items()}
    message = {
        "type": kind,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {**about, **data, **({"links": links} if links else {})},
    }
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()


def _paths(kind: str, about: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
    """Where to read more; of what was deleted nothing is left to read."""
    if kind == EventKind.RECORDING_DELETED:
        return {}
    paths: dict[str, str] = {}
    if job := about.get("job_id"):
        paths["job"] = f"/v1/jobs/{job}"
    if recording := about.get("recording_id"):
        paths["recording"] = f"/v1/recordings/{recording}"
        if kind == EventKind.TRANSCRIPT_COMPLETED:
            paths["transcript"] = f"/v1/recordings/{recording}/transcript"
    if entry := data.get("entry_id"):
        paths["entry"] = f"/v1/entries/{entry}"
    if subscription := data.get("subscription_id"):
        paths["subscription"] = f"/v1/subscriptions/{subscription}"
    return paths
