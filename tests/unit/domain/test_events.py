from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.events import Event, EventKind, decode_event, encode_event

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.builds(
    Event,
    kind=st.sampled_from(EventKind),
    account_id=st.uuids(),
    job_id=st.none() | st.uuids(),
    recording_id=st.none() | st.uuids(),
    data=st.dictionaries(st.text(), VALUES, max_size=4),
)


@given(EVENTS)
def test_an_event_survives_its_encoding(event: Event) -> None:
    assert decode_event(encode_event(event)) == event


@given(
    st.binary(max_size=200)
    | VALUES.map(lambda value: repr(value).encode())
    | EVENTS.map(encode_event).map(lambda line: line[:-2])
)
def test_nothing_else_is_taken_for_an_event(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decode_event(line)


def test_the_encoding_is_compact() -> None:
    event = Event(kind=EventKind.JOB_CANCELLED, account_id=UUID(int=1))
    assert encode_event(event) == b'{"kind":"job.cancelled","account_id":"00000000000000000000000000000001"}'


def test_a_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode_event(Event(kind=EventKind.TASK_PROGRESS, account_id=UUID(int=1), data={"fraction": float("nan")}))
