"""Jobs as the API tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from diarist.client.errors import error_of
from diarist.domain.job import UNFINISHED, JobPriority, JobState, TaskState
from diarist.domain.manner import SpeechTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is."""

    fraction: float
    """0 to 1."""
    seconds_done: float
    """Seconds of audio transcribed."""
    speed: float | None
    """Seconds of audio transcribed in a second; None before the first."""
    eta: float | None
    """Seconds until the end at this speed; None when it cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:  # noqa: A001 - the word of the wire
    """What the owner should know about a result that is otherwise good."""

    code: str
    """Stable name for machines, such as `truncated_audio`."""
    message: str
    """One sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobError:
    """Why a job, or one of its tasks, failed."""

    code: str
    """Stable name for machines, such as `undecodable_audio`."""
    message: str
    """One sentence for people."""
    advice: str
    """What can be done about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of the pipeline over one recording."""

    id: UUID
    recording_id: UUID
    state: JobState
    priority: JobPriority
    task: SpeechTask
    """What is made of the speech."""
    until: str | None
    """The stage after which it ends; None when it goes the whole way."""
    stage: str | None
    """The stage at work, or the next one; None when all are done."""
    progress: Progress
    warnings: tuple[Warning, ...]
    error: JobError | None
    """Set when `state` is `failed`."""
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state not in UNFINISHED

    def raise_if_failed(self) -> None:
        """Raise what the job failed with, as the `DiaristError` that it is."""
        if self.error is not None:
            raise error_of(self.error.code, self.error.message, self.error.advice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step of a job, in the ledger."""

    id: UUID
    stage: str
    state: TaskState
    attempts: int
    """Tries so far that came to an end of their own."""
    crashes: int
    """Times its worker went away since it last got further."""
    done_seconds: float
    """Seconds of audio that the newest try has been through."""
    run_after: datetime | None
    """When it is tried again; None when it waits for other tasks."""
    error: JobError | None
    """What the newest try came to, if it failed."""
    started_at: datetime | None
    finished_at: datetime | None
