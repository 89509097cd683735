"""Recordings on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.accounts.hint_fields import HintFields, fields_from_hints
from diarist.domain.job import JobState
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow

_EXAMPLE: JsonDict = {
    "id": "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11",
    "filename": "tuesday evening.m4a",
    "size_bytes": 723418,
    "sha256": "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
    "duration": 61.44,
    "speech_seconds": 52.1,
    "container": "mov,mp4,m4a,3gp,3g2,mj2",
    "codec": "aac",
    "sample_rate": 44100,
    "channels": 1,
    "loudness_lufs": -21.4,
    "hints": {"language": None, "languages": ["de", "en"], "vocabulary": ["Anna", "Grünwald"]},
    "recorded_at": "2026-11-03T19:02:40Z",
    "created_at": "2026-11-03T19:20:11.250Z",
    "job": {"id": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02", "state": "queued"},
}


class LatestJob(BaseModel):
    """The newest job of a recording."""

    id: UUID
    state: JobState


class Recording(BaseModel):
    """The audio that a person gave us: immutable, known by its hash."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})
    CHANGES_BY_ITSELF: ClassVar = frozenset(
        {"size_bytes", "duration", "speech_seconds", "container", "codec", "sample_rate", "channels", "loudness_lufs", "job"}
    )

    id: UUID
    filename: str
    """As given, for people."""
    size_bytes: int
    sha256: str
    """Hex digest of the bytes as given."""
    duration: float | None
    """Seconds that could be decoded; until the recording has been cut, what its header claims."""
    speech_seconds: float | None
    """Seconds in which voice was heard; null until the recording has been cut."""
    container: str | None
    """Format as FFmpeg names it."""
    codec: str | None
    """Codec as FFmpeg names it."""
    sample_rate: int | None
    """Hz."""
    channels: int | None
    loudness_lufs: float | None
    """Integrated loudness by EBU R 128; null for silence and until the recording has been cut."""
    hints: HintFields | None
    """What whoever gave it knew of it; null for nothing."""
    recorded_at: datetime | None
    """When it was recorded, by its own header or its owner; null where neither says, and it counts as recorded when it came."""
    created_at: datetime
    job: LatestJob


def recording_from_row(row: RecordingRow, job: JobRow) -> Recording:
    """A recording as it goes over the wire, with its newest job."""
    return Recording(
        id=row.id,
        filename=row.filename,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        duration=row.best_duration,
        speech_seconds=row.speech_seconds,
        container=row.container,
        codec=row.codec,
        sample_rate=row.sample_rate,
        channels=row.channels,
        loudness_lufs=row.loudness_lufs,
        hints=fields_from_hints(row.hints),
        recorded_at=row.recorded_at,
        created_at=row.created_at,
        job=LatestJob(id=job.id, state=job.state),
    )
