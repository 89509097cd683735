"""What a person types is the recording that is meant, or an error; never another one."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.cli.finding import AmbiguousId, Found, choose, short
from diarist.errors import NotFound

OLD, NEW = UUID("019a0000-0000-7000-8000-00000000aaaa"), UUID("019b0000-0000-7000-8000-00000001aaaa")
FIRST, SECOND, THIRD = (UUID(f"019c0000-0000-7000-8000-0000000{number}0000") for number in (1, 2, 3))
PAIRS = (Found(OLD, FIRST), Found(NEW, SECOND), Found(OLD, THIRD))
"""Two recordings; the older one has a second job."""


def test_last_is_the_newest_recording_with_its_newest_job() -> None:
    assert choose(PAIRS, "last") == Found(NEW, SECOND)
    assert choose((*PAIRS, Found(NEW, UUID(int=SECOND.int + 1))), "last").job_id == UUID(int=SECOND.int + 1)


@pytest.mark.parametrize("typed", [str(OLD), OLD.hex, OLD.hex.upper(), "0000aaaa", short(OLD)])
def test_a_recording_is_found_by_its_id_or_the_end_of_it_with_its_newest_job(typed: str) -> None:
    assert choose(PAIRS, typed) == Found(OLD, THIRD)


def test_a_job_is_found_by_its_own_id_even_if_it_is_not_the_newest() -> None:
    assert choose(PAIRS, FIRST.hex[-6:]) == Found(OLD, FIRST)


def test_an_end_that_fits_two_recordings_is_refused_and_both_are_named() -> None:
    with pytest.raises(AmbiguousId) as caught:
        choose(PAIRS, "aaaa")
    assert str(OLD) in caught.value.advice
    assert str(NEW) in caught.value.advice


@pytest.mark.parametrize("typed", ["", "aaa", "nothex!", "lastt", "bbbbbbbb", "--", "%aaa"])
def test_what_fits_nothing_is_not_found(typed: str) -> None:
    with pytest.raises(NotFound):
        choose(PAIRS, typed)


def test_without_recordings_last_says_how_to_begin() -> None:
    with pytest.raises(NotFound) as caught:
        choose((), "last")
    assert "diarist add" in caught.value.advice


@given(st.lists(st.tuples(st.uuids(), st.uuids()), min_size=1, max_size=8, unique=True), st.data())
def test_whatever_is_found_ends_with_what_was_typed(pairs: list[tuple[UUID, UUID]], data: st.DataObject) -> None:
    found = [Found(*pair) for pair in pairs]
    wanted = data.draw(st.sampled_from(found))
    digits = data.draw(st.integers(4, 32))
    typed = data.draw(st.sampled_from((wanted.recording_id, wanted.job_id))).hex[-digits:]
    try:
        chosen = choose(found, typed)
    except AmbiguousId:
        assert len({pair.recording_id for pair in found if ends_with(pair, typed)}) > 1
    else:
        assert ends_with(chosen, typed)


def ends_with(pair: Found, digits: str) -> bool:
    return pair.recording_id.hex.endswith(digits) or pair.job_id.hex.endswith(digits)
