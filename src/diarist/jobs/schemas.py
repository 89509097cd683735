"""Jobs on the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.domain.job import JobState
from diarist.errors import EngineFailed, error_classes
from diarist.jobs.service import JobView

_EXAMPLE: JsonDict = {
    "id": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02",
    "recording_id": "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11",
    "state": "running",
    "stage": "transcribe",
    "progress": {"fraction": 0.42, "seconds_done": 377.1, "speed": 14.2, "eta": 36.8},
    "warnings": [{"code": "truncated_audio", "message": "The file ends after 15:03 of 20:00."}],
    "error": None,
    "created_at": "2026-11-03T19:20:11.250Z",
    "started_at": "2026-11-03T19:20:11.412Z",
    "finished_at": None,
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
    stage: str | None
    """The stage at work, or the next one; null when all are done."""
    progress: Progress
    warnings: list[Warning]
    error: JobError | None
    """Set when `state` is `failed`."""
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def job_from_view(view: JobView) -> Job:
    """A job as it goes over the wire."""
    job, progress = view.job, view.progress
    error = None
    if job.error_code is not None:
        advice = error_classes().get(job.error_code, EngineFailed).advice
        error = JobError(code=job.error_code, message=job.error_message or "", advice=advice)
    return Job(
        id=job.id,
        recording_id=job.recording_id,
        state=job.state,
        stage=progress.stage,
        progress=Progress(
            fraction=round(progress.fraction, 4),
            seconds_done=round(progress.seconds_done, 3),
            speed=progress.speed,
            eta=progress.eta,
        ),
        warnings=[Warning.model_validate(warning) for warning in job.warnings],
        error=error,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )
