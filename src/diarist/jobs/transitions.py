"""Every move a job can make, as one table."""

from __future__ import annotations

from enum import StrEnum

from diarist.domain.job import JobState
from diarist.errors import Conflict


class JobEvent(StrEnum):
    """What happens to a job."""

    STARTED = "started"
    """A worker took its first task, or its first after a retry."""
    COMPLETED = "completed"
    """The last stage is done."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETRIED = "retried"


TRANSITIONS: dict[tuple[JobState, JobEvent], JobState] = {
    (JobState.QUEUED, JobEvent.STARTED): JobState.RUNNING,
    (JobState.QUEUED, JobEvent.CANCELLED): JobState.CANCELLED,
    # A task can be parked, and its job fail, between two starts of a worker.
    (JobState.QUEUED, JobEvent.FAILED): JobState.FAILED,
    (JobState.RUNNING, JobEvent.STARTED): JobState.RUNNING,
    (JobState.RUNNING, JobEvent.COMPLETED): JobState.SUCCEEDED,
    (JobState.RUNNING, JobEvent.FAILED): JobState.FAILED,
    (JobState.RUNNING, JobEvent.CANCELLED): JobState.CANCELLED,
    (JobState.FAILED, JobEvent.RETRIED): JobState.QUEUED,
    (JobState.CANCELLED, JobEvent.RETRIED): JobState.QUEUED,
    # A job that succeeded with gaps can be retried to mend them.
    (JobState.SUCCEEDED, JobEvent.RETRIED): JobState.QUEUED,
}


def next_state(state: JobState, event: JobEvent) -> JobState:
    """The state after an event; raises `Conflict` for a move that does not exist."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Conflict(f"a job that is {state} cannot be {event}") from None
