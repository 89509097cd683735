import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.job import JobState
from diarist.errors import Conflict
from diarist.jobs.transitions import TRANSITIONS, JobEvent, next_state

ENDED = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_job_moves_only_by_a_retry(state: JobState) -> None:
    moves = {event for (source, event) in TRANSITIONS if source is state}
    assert moves == {JobEvent.RETRIED}


def test_every_state_can_be_reached_from_queued() -> None:
    reached = {JobState.QUEUED}
    while True:
        further = {target for (source, _), target in TRANSITIONS.items() if source in reached} - reached
        if not further:
            break
        reached |= further
    assert reached == set(JobState)


@pytest.mark.parametrize("state", sorted(set(JobState) - ENDED))
def test_a_job_that_has_not_ended_can_be_cancelled_and_can_fail(state: JobState) -> None:
    assert next_state(state, JobEvent.CANCELLED) is JobState.CANCELLED
    assert next_state(state, JobEvent.FAILED) is JobState.FAILED


def test_a_queued_job_cannot_complete() -> None:
    with pytest.raises(Conflict, match="queued cannot be completed"):
        next_state(JobState.QUEUED, JobEvent.COMPLETED)


@given(st.sampled_from(JobState), st.lists(st.sampled_from(JobEvent)))
def test_any_course_of_events_ends_in_a_state_or_a_conflict(state: JobState, events: list[JobEvent]) -> None:
    for event in events:
        try:
            state = next_state(state, event)
        except Conflict:
            return
        assert state in JobState
