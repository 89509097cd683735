"""Jobs on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.domain.job import JobPriority, JobState, TaskState
from diarist.domain.manner import USUAL, SpeechTask
from diarist.errors import EngineFailed, error_classes
from diarist.jobs.service import JobView
from diarist.queue.models import TaskRow

_EXAMPLE: JsonDict = {
    "id": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02",
    "recording_id": "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11",
    "state": "running",
    "priority": "normal",
    "task": "transcribe",
    "until": None,
    "stage": "transcribe",
    "progress": {"fraction": 0.42, "seconds_done": 377.1, "speed": 14.2, "eta": 36.8},
    "warnings": [{"code": "truncated_audio", "message": "The file ends after 15:03 of 20:00."}],
    "error": None,
    "created_at": "2026-11-03T19:20:11.250Z",
    "started_at": "2026-11-03T19:20:11.412Z",
    "finished_at": None,
}
_TASK_EXAMPLE: JsonDict = {
    "id": "019a0c5e-7a55-7c31-8f10-0d6b1f2a9e44",
    "stage": "transcribe",
    "state": "failed",
    "attempts": 5,
    "crashes": 0,
    "done_seconds": 120.5,
    "run_after": None,
    "error": {"code": "engine_failed", "message": "The engine failed.", "advice": "Try again."},
    "started_at": "2026-11-03T19:22:01.017Z",
    "finished_at": "2026-11-03T19:22:11.940Z",
}


class Progress(BaseModel):
    """How far a job is."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    fraction: float
    """0 to 1."""
    seconds_done: float
    """Seconds of audio transcribed."""
    speed: float | None
    """Seconds of audio transcribed in a second; null before the first."""
    eta: float | None
    """Seconds until the end at this speed; null when it cannot be told."""


class Warning(BaseModel):  # noqa: A001 - the word of the wire
    """What the owner should know about a result that is otherwise good."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    code: str
    """Stable name for machines, such as `truncated_audio`."""
    message: str
    """One sentence for people."""


class JobError(BaseModel):
    """Why a job failed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    code: str
    """Stable name for machines, such as `undecodable_audio`."""
    message: str
    """One sentence for people."""
    advice: str
    """What can be done about it."""


class Job(BaseModel):
    """One run of the pipeline over one recording."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    recording_id: UUID
    state: JobState
    priority: JobPriority
    task: SpeechTask
    """What is made of the speech."""
    until: str | None
    """The stage after which it ends; null when it goes the whole way."""
    stage: str | None
    """The stage at work, or the next one; null when all are done."""
    progress: Progress
    warnings: list[Warning]
    error: JobError | None
    """Set when `state` is `failed`."""
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Task(BaseModel):
    """One step of a job, in the ledger."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_TASK_EXAMPLE]})

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
    """When it is tried again; null when it waits for other tasks."""
    error: JobError | None
    """What the newest try came to, if it failed."""
    started_at: datetime | None
    finished_at: datetime | None


def task_from_row(row: TaskRow) -> Task:
    """A task as it goes over the wire."""
    return Task(
        id=row.id,
        stage=row.stage,
        state=row.state,
        attempts=row.attempts,
        crashes=row.crashes,
        done_seconds=round(row.done_seconds, 3),
        run_after=_moment(row.run_after) if row.state is TaskState.WAITING else None,
        error=_error(row.error_code, row.error_message) if row.state is not TaskState.SUCCEEDED else None,
        started_at=_moment(row.started_at),
        finished_at=_moment(row.finished_at),
    )


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def _error(code: str | None, message: str | None) -> JobError | None:
    if code is None:
        return None
    return JobError(code=code, message=message or "", advice=error_classes().get(code, EngineFailed).advice)


def job_from_view(view: JobView) -> Job:
    """A job as it goes over the wire."""
    job, progress = view.job, view.progress
    return Job(
        id=job.id,
        recording_id=job.recording_id,
        state=job.state,
        priority=job.priority,
        task=(job.manner or USUAL).task,
        until=job.until,
        stage=progress.stage,
        progress=Progress(
            fraction=round(progress.fraction, 4),
            seconds_done=round(progress.seconds_done, 3),
            speed=progress.speed,
            eta=progress.eta,
        ),
        warnings=[Warning.model_validate(warning) for warning in job.warnings],
        error=_error(job.error_code, job.error_message),
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )
