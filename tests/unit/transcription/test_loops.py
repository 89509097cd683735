import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.transcription.loops import LONGEST, looping


@pytest.mark.parametrize(
    ("said", "times"),
    [("no", 8), ("thank you", 5), ("i see it", 4), ("and i went to the shop", 3), ("a b c d e f g h i j k l m n o", 3)],
)
def test_a_phrase_that_comes_in_a_row_often_enough_is_a_loop_and_once_less_is_none(said: str, times: int) -> None:
    words = said.split()
    around = ["before", *words * times, "after"]
    assert looping(around) == set(range(1, len(around) - 1))
    assert looping(["before", *words * (times - 1), "after"]) == set()


def test_a_loop_that_breaks_off_belongs_to_it_up_to_the_break() -> None:
    words = [*["so", "we", "went", "to"] * 3, "so", "we", "stopped"]
    assert looping(words) == set(range(len(words) - 1))


@given(st.lists(st.integers(), unique=True, max_size=60))
def test_what_never_repeats_is_no_loop(numbers: list[int]) -> None:
    assert looping([str(number) for number in numbers]) == set()


@given(
    st.lists(st.sampled_from("abcde"), min_size=1, max_size=LONGEST),
    st.lists(st.integers().map(str), max_size=10),
    st.integers(8, 12),
)
def test_any_phrase_said_eight_times_is_found_wherever_it_stands(phrase: list[str], before: list[str], times: int) -> None:
    words = [*before, *phrase * times]
    assert set(range(len(before), len(words))) <= looping(words)
