"""How far a job is: a pure reading of its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diarist.domain.job import OPEN_TASK_STATES, Stage, TaskState

_WEIGHTS = {"inspect": 0.01, "plan": 0.09, "transcribe": 0.86, "merge": 0.02, "compose": 0.02}
"""Share of the whole work by stage, as measured with the `base` model on a CPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFigures:
    """What is read of one task; times are seconds since the epoch."""

    stage: str
    state: TaskState
    done_seconds: float
    """Seconds of audio."""
    started_at: float | None
    finished_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a job stands."""

    stage: str | None
    """The stage at work, or the next one; None when all are done."""
    fraction: float
    """0 to 1."""
    seconds_done: float
    """Seconds of audio transcribed."""
    speed: float | None
    """Seconds of audio transcribed in a second; None before the first."""
    eta: float | None
    """Seconds until the end at this speed; None when it cannot be told."""


def measure(tasks: Sequence[TaskFigures], stages: Sequence[Stage], duration: float | None, now: float) -> Progress:
    """Read the progress off a job's tasks; `duration` is the recording's length in seconds, if known."""
    by_stage = {stage.name: [task for task in tasks if task.stage == stage.name] for stage in stages}
    fraction, current = 0.0, None
    total = sum(_WEIGHTS.get(stage.name, 0.0) for stage in stages) or 1.0
    previous_done = True
    for stage in stages:
        done = _stage_fraction(stage, by_stage[stage.name], duration, previous_done=previous_done)
        fraction += _WEIGHTS.get(stage.name, 0.0) / total * done
        previous_done = done == 1.0
        if current is None and not previous_done:
            current = stage.name
    heard = [task for stage in stages if stage.join for task in by_stage[stage.name]]
    seconds_done = sum(task.done_seconds for task in heard)
    busy = sum(
        (task.finished_at or now) - task.started_at for task in heard if task.started_at is not None and task.done_seconds > 0
    )
    speed = seconds_done / busy if busy > 0 and seconds_done > 0 else None
    eta = max(0.0, duration - seconds_done) / speed if speed and duration is not None and current is not None else None
    return Progress(stage=current, fraction=min(1.0, fraction), seconds_done=seconds_done, speed=speed, eta=eta)


def _stage_fraction(stage: Stage, tasks: Sequence[TaskFigures], duration: float | None, *, previous_done: bool) -> float:
    if stage.join:
        # The parts that are there may be settled while more are still being cut; one that failed is a gap.
        done = previous_done and all(task.state not in OPEN_TASK_STATES for task in tasks)
    else:
        done = all(task.state is TaskState.SUCCEEDED for task in tasks)
    if tasks and done:
        return 1.0
    return min(0.99, sum(task.done_seconds for task in tasks) / duration) if duration else 0.0
