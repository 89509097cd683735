"""Recordings as the API tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from diarist.domain.job import JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class HintFields:
    """What whoever gave a recording knew of it."""

    language: str | None = None
    """The language of all that is said, ISO 639-1."""
    languages: tuple[str, ...] = ()
    """Those that may be detected."""
    vocabulary: tuple[str, ...] = ()
    """Names and words that are likely to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestJob:
    """The newest job of a recording."""

    id: UUID
    state: JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The audio that a person gave: immutable, known by its hash."""

    id: UUID
    filename: str
    """As given, for people."""
    size_bytes: int
    sha256: str
    """Hex digest of the bytes as given."""
    duration: float | None
    """Seconds that could be decoded; until the recording has been cut, what its header claims."""
    speech_seconds: float | None
    """Seconds in which voice was heard; None until the recording has been cut."""
    container: str | None
    """Format as FFmpeg names it."""
    codec: str | None
    """Codec as FFmpeg names it."""
    sample_rate: int | None
    """Hz."""
    channels: int | None
    loudness_lufs: float | None
    """Integrated loudness by EBU R 128; None for silence and until the recording has been cut."""
    hints: HintFields | None
    """None where nothing was known."""
    recorded_at: datetime | None
    """When it was recorded, by its own header or its owner; None where neither says, and it counts as recorded when it came."""
    created_at: datetime
    job: LatestJob

    @property
    def spoken_at(self) -> datetime:
        """When it counts as recorded."""
        return self.recorded_at or self.created_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What has become of a recording that was given."""

    recording_id: UUID
    job_id: UUID
    """The recording's latest job."""
    created: bool
    """False for bytes that were there already; if their job had failed or was cancelled, it was begun again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadStatus:
    """How far an upload in pieces is."""

    id: UUID
    state: str
    """`open`: bytes are missing; `whole`: all are there; `joined`: part of another; `recorded`; `refused`: no recording."""
    filename: str
    offset: int
    """Bytes that are durable."""
    length: int | None
    """Bytes in all; None while nobody has said."""
    expires_at: datetime
    error_code: str | None
    """Why it was refused."""
    recording_id: UUID | None
    """The recording that it has become."""
    job_id: UUID | None
