from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from diarist.adapters.transcription_engines.holes import HOLE_SECONDS, with_holes_heard
from diarist.domain.transcript import Segment, Word


def said(start: float, *words: str, pace: float = 0.4) -> Segment:
    timed = tuple(
        Word(start=start + place * pace, end=start + (place + 1) * pace, text=f" {word}", probability=0.9)
        for place, word in enumerate(words)
    )
    return Segment(start=start, end=timed[-1].end, text=" ".join(words), probability=0.9, words=timed)


def texts(segments: Iterator[Segment]) -> list[str]:
    return [segment.text for segment in segments]


def test_a_dropped_sentence_is_found_where_it_was_said() -> None:
    asked: list[tuple[float, float]] = []

    def hear(start: float, end: float) -> list[Segment]:
        asked.append((round(start, 3), round(end, 3)))
        return [said(2.2, "dropped", "by", "chance")]

    segments = [said(0.0, "one", "two"), said(4.0, "three")]
    assert texts(with_holes_heard(segments, 4.6, hear)) == ["one two", "dropped by chance", "three"]
    assert asked == [(0.6, 4.2)]


def test_words_that_belong_to_the_neighbours_are_not_said_twice() -> None:
    def hear(start: float, end: float) -> list[Segment]:
        return [said(0.3, "two", "missing", "words", "here", "three", pace=0.8)]

    segments = [said(0.0, "one", "two"), said(3.6, "three")]
    assert texts(with_holes_heard(segments, 4.2, hear)) == ["one two", "missing words here", "three"]


def test_a_word_that_sounds_on_into_the_hole_is_not_a_find() -> None:
    def hear(start: float, end: float) -> list[Segment]:
        return [said(start + 0.1, "wake.")]

    segments = [said(0.0, "wide", "awake."), said(3.6, "Um,")]
    assert texts(with_holes_heard(segments, 4.2, hear)) == ["wide awake.", "Um,"]


def test_short_words_at_the_borders_are_not_taken_for_pieces_of_their_neighbours() -> None:
    def hear(start: float, end: float) -> list[Segment]:
        return [said(start + 0.25, "I", "went", "home."), said(end - 1.4, "I", "slept.", "No")]

    segments = [said(0.0, "I", "said", "hi"), said(5.0, "Nothing", "else")]
    found = list(with_holes_heard(segments, 5.8, hear))
    assert [one.text for one in found] == ["I said hi", "I went home.", "I slept. No", "Nothing else"]


def test_the_beginning_and_the_end_are_looked_at_too() -> None:
    asked: list[tuple[float, float]] = []

    def hear(start: float, end: float) -> list[Segment]:
        asked.append((start, end))
        return []

    assert texts(with_holes_heard([said(5.0, "middle")], 20.0, hear)) == ["middle"]
    assert [round(start) for start, _ in asked] == [0, 5]


def test_an_ordinary_pause_is_not_heard_again() -> None:
    def hear(start: float, end: float) -> list[Segment]:
        raise AssertionError("heard again")

    segments = [said(0.0, "one"), said(0.4 + HOLE_SECONDS - 0.01, "two")]
    assert texts(with_holes_heard(segments, segments[-1].end + 0.5, hear)) == ["one", "two"]


@given(st.lists(st.floats(0, 5), max_size=8), st.floats(0, 30), st.integers(1, 12))
def test_whatever_is_found_segments_stay_in_order(gaps: list[float], rest: float, found: int) -> None:
    clock, segments = 0.0, []
    for gap in gaps:
        segments.append(said(clock + gap, "word"))
        clock = segments[-1].end

    def hear(start: float, end: float) -> list[Segment]:
        return [said(start, *["found"] * found)]

    every = list(with_holes_heard(segments, clock + rest, hear))
    assert [one for one in every if one in segments] == segments
    for before, after in pairwise(every):
        assert before.end <= after.start + 0.2
        assert before.start <= after.start
