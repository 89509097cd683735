"""What happens, as streams tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from diarist.domain.job import UNFINISHED, JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened in the account; ids and figures, never what was said."""

    type: str
    """Such as `job.succeeded`; pass over those that you do not know."""
    at: datetime
    id: str | None = None
    """Where to go on after this one, for `after`; None for a hint, which is told once."""
    job_id: UUID | None = None
    recording_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobUpdate:
    """How far a job is, as it was just told or found."""

    job_id: UUID
    state: JobState
    stage: str | None
    """The stage at work, or the next one; None when all are done."""
    fraction: float
    """0 to 1."""
    seconds_done: float
    """Seconds of audio transcribed."""
    seconds_total: float | None
    """Seconds of the recording, where they were told."""
    speed: float | None
    """Seconds of audio transcribed in a second."""
    eta: float | None
    """Seconds until the end, where it can be told."""
    live: bool
    """False where live events cannot be had and the job is asked for from time to time instead."""
    why_not_live: str = ""
    """For people; empty while it is live."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state not in UNFINISHED
