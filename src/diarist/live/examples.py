"""What a stream looks like, for the description of the API: made by the code that makes streams."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from diarist.domain.events import EventKind
from diarist.http.event_stream import HEARTBEAT, come_back
from diarist.live.told import OPENED, PROGRESS, told

_JOB, _RECORDING = UUID("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"), UUID("019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11")
_ENTRY = "019a0c5f-0b1d-7e52-a6c4-2f9d13e0aa47"


def example() -> str:
    """One recording, from its arrival to its entry, as `/v1/events` tells it."""
    progress = {
        "state": "running", "stage": "transcribe", "fraction": 0.42, "seconds_done": 377.1, "seconds_total": 903.4, "speed": 14.2,
        "eta": 36.8,
    }  # fmt: skip
    pieces = [
        come_back(2.0),
        _frame(0, OPENED, {}, position=1041, about_recording=False),
        _frame(3, EventKind.RECORDING_RECEIVED, {}, position=1042),
        _frame(31, PROGRESS, progress),
        _frame(33, EventKind.TRANSCRIPT_EXTENDED, {"start": 300.2, "end": 600.9, "segments": 61}),
        HEARTBEAT,
        _frame(66, EventKind.TRANSCRIPT_COMPLETED, {"version": 1, "duration": 903.4, "gaps": 0}, position=1043),
        _frame(68, EventKind.ENTRY_CREATED, {"entry_id": _ENTRY, "version": 1}, position=1044),
        _frame(68, EventKind.JOB_SUCCEEDED, {}, position=1045),
    ]
    return b"".join(pieces).decode()


def _frame(second: int, kind: str, data: dict[str, Any], *, position: int | None = None, about_recording: bool = True) -> bytes:
    at = datetime(2026, 11, 3, 19, 20 + second // 60, second % 60, tzinfo=UTC)
    about = {"job_id": _JOB, "recording_id": _RECORDING} if about_recording else {}
    return told(kind, data, position=position, at=at, **about).frame
