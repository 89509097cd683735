"""Jobs, tasks and the stages of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    """Where one run of the pipeline over one recording stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
"""States of a job that will still change by themselves."""


class JobPriority(StrEnum):
    """Who goes first when there is more to do than can be done at once."""

    INTERACTIVE = "interactive"
    """Somebody waits for it."""
    NORMAL = "normal"
    BULK = "bulk"
    """An archive that may take its time."""

    @property
    def rank(self) -> int:
        """Lower goes first."""
        return {JobPriority.INTERACTIVE: 1, JobPriority.NORMAL: 5, JobPriority.BULK: 9}[self]


class TaskState(StrEnum):
    """Where one row of the ledger stands."""

    WAITING = "waiting"
    """Written, but what it follows is not settled, or its time has not come."""
    QUEUED = "queued"
    """Ready to be claimed."""
    RUNNING = "running"
    """A worker holds its lease."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """For good: an error that a retry cannot mend, or too many attempts."""
    PARKED = "parked"
    """It killed its worker too often; a person has to look."""
    CANCELLED = "cancelled"


OPEN_TASK_STATES = (TaskState.WAITING, TaskState.QUEUED, TaskState.RUNNING)
"""States in which a task is still to be settled."""
SETTLED_TASK_STATES = (TaskState.SUCCEEDED, TaskState.FAILED, TaskState.PARKED, TaskState.CANCELLED)
"""States in which nothing happens any more by itself."""
UNDONE_TASK_STATES = (TaskState.FAILED, TaskState.PARKED, TaskState.CANCELLED)
"""States that a retry puts back to `queued`."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the pipeline."""

    name: str
    handler: str
    """`module:function`; resolved by workers only, so that an API imports no engine."""
    queue: str
    then: str | None = None
    """The stage that follows, or None for the last."""
    fan_out: bool = False
    """Whether the handler itself puts the tasks of `then` down while it runs."""
    join: bool = False
    """Whether `then` opens only when every task of this stage is settled and the stage before has succeeded."""
    warnings: tuple[str, ...] = ()
    """Codes of warnings about single tasks of this stage; they have no reason any more when all of it is done once more."""


def stages_until(stages: Sequence[Stage], last: str | None) -> Sequence[Stage]:
    """The stages that a job goes through which ends after `last`; None for the whole way."""
    names = [stage.name for stage in stages]
    return stages if last is None else stages[: names.index(last) + 1]
