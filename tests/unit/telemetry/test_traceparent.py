import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.telemetry.traceparent import Traceparent

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_the_example_of_the_recommendation_is_read_and_written() -> None:
    found = Traceparent.read(GIVEN)
    assert found == Traceparent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", sampled=True)
    assert str(found) == GIVEN


@given(st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1), st.booleans())
def test_what_is_written_is_read(trace: int, span: int, sampled: bool) -> None:  # noqa: FBT001
    place = Traceparent(f"{trace:032x}", f"{span:016x}", sampled)
    assert Traceparent.read(str(place)) == place


@pytest.mark.parametrize(
    "header",
    [
        None, "", "00", GIVEN + "-more", GIVEN.upper(), GIVEN.replace("00-", "ff-", 1), GIVEN + "\n",
        GIVEN.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32), GIVEN.replace("00f067aa0ba902b7", "0" * 16),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_not(header: str | None) -> None:
    assert Traceparent.read(header) is None


def test_a_later_version_may_say_more() -> None:
    assert Traceparent.read("01" + GIVEN[2:] + "-more") == Traceparent.read(GIVEN)


@given(st.text(max_size=80))
def test_nothing_that_is_sent_does_harm(header: str) -> None:
    Traceparent.read(header)


def test_a_child_is_of_the_trace_of_its_parent_and_a_place_of_its_own() -> None:
    parent = Traceparent.new()
    child = Traceparent.new(parent)
    assert (child.trace_id, child.span_id != parent.span_id) == (parent.trace_id, True)
    assert Traceparent.new().trace_id != parent.trace_id
