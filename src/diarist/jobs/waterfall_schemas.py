"""The waterfall of a job on the wire."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from diarist.domain.job import JobState, TaskState
from diarist.jobs import waterfall as drawn


class Bar(BaseModel):
    """One task; times are seconds from when the first task of the job was ready."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    task_id: UUID
    stage: str
    state: TaskState
    attempts: int
    crashes: int
    """Tries that took their worker down."""
    earlier: float
    """How long tries before the last one took."""
    ready: float | None
    """When its last try could have begun; null when it waits for other tasks."""
    waited: float
    """From then until a worker took it, or until now."""
    worked: float
    """How long its last try took, or has taken so far."""
    audio_seconds: float
    """Seconds of audio that the last try has been through."""
    cpu_seconds: float
    """Of a core, that its tries have taken in threads and child processes."""
    gpu_seconds: float
    """Of a graphics card."""
    error: str | None
    """Its code, where the last try failed."""


class Question(BaseModel):
    """One question to language models."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    receipt_id: UUID
    purpose: str
    model: str | None
    """`provider/model` whose answer was used; null when none was."""
    began: float
    took: float
    calls: int
    cached: bool
    cost_usd: str
    """A decimal number."""


class StageSum(BaseModel):
    """All tasks of a stage together; seconds."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    stage: str
    tasks: int
    attempts: int
    waited: float
    worked: float
    """Of all tries; tasks that run side by side count each."""
    cost_usd: str
    """What its questions to language models cost; a decimal number."""


class Waterfall(BaseModel):
    """Where the time of a job went, and its money."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    job_id: UUID
    recording_id: UUID
    state: JobState
    trace_id: str | None
    """Of the request that it was last put to work by; where traces are collected, there is more."""
    seconds: float
    """From when its first task was ready until its last one ended, or now."""
    stages: list[StageSum]
    bars: list[Bar]
    """Every task, in the order of the stages and of the recording."""
    questions: list[Question]
    cost_usd: str
    """What language models cost; a decimal number."""


def waterfall_to_wire(found: drawn.Waterfall) -> Waterfall:
    """As it goes over the wire."""
    return Waterfall(
        job_id=found.job_id,
        recording_id=found.recording_id,
        state=found.state,
        trace_id=found.trace_id,
        seconds=_rounded(found.seconds),
        stages=[
            StageSum(
                stage=one.stage,
                tasks=one.tasks,
                attempts=one.attempts,
                waited=_rounded(one.waited),
                worked=_rounded(one.worked),
                cost_usd=f"{one.cost_usd:f}",
            )
            for one in found.stages
        ],
        bars=[
            Bar(
                task_id=one.task_id,
                stage=one.stage,
                state=one.state,
                attempts=one.attempts,
                crashes=one.crashes,
                earlier=_rounded(one.earlier),
                ready=None if one.ready is None else _rounded(one.ready),
                waited=_rounded(one.waited),
                worked=_rounded(one.worked),
                audio_seconds=_rounded(one.audio_seconds),
                cpu_seconds=_rounded(one.cpu_seconds),
                gpu_seconds=_rounded(one.gpu_seconds),
                error=one.error,
            )
            for one in found.bars
        ],
        questions=[
            Question(
                receipt_id=one.receipt_id,
                purpose=one.purpose,
                model=one.model,
                began=_rounded(one.began),
                took=_rounded(one.took),
                calls=one.calls,
                cached=one.cached,
                cost_usd=f"{one.cost_usd:f}",
            )
            for one in found.questions
        ],
        cost_usd=f"{found.cost_usd:f}",
    )


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
