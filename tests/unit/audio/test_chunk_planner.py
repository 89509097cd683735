from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.audio.chunks import ChunkPlanner, even
from diarist.audio.frames import SECONDS

TARGET = 10.0
FIRST, LAST = round(0.8 * TARGET / SECONDS), round(1.2 * TARGET / SECONDS)
"""Frames between which a cut must be."""

STREAMS = st.lists(st.tuples(st.sampled_from([0.01, 0.3, 0.45, 0.6, 0.99]), st.integers(1, 120)), min_size=1, max_size=40).map(
    lambda runs: [probability for probability, count in runs for _ in range(count)]
)
LONG_STREAMS = STREAMS.filter(lambda stream: len(stream) >= LAST)


def frames(*runs: tuple[float, float]) -> list[float]:
    """Runs of (probability, seconds)."""
    return [probability for probability, seconds in runs for _ in range(round(seconds / SECONDS))]


def cut_at(probabilities: list[float]) -> float | None:
    """Seconds."""
    cut = ChunkPlanner(TARGET).follow(probabilities)
    return None if cut is None else round(cut * SECONDS, 1)


def cuts(probabilities: list[float], start: int = 0) -> list[int]:
    """Every cut behind `start`, each found by a planner of its own from the frames behind the cut before."""
    found = []
    while (cut := ChunkPlanner(TARGET).follow(probabilities[start:])) is not None:
        start += cut
        found.append(start)
    return found


def test_a_long_silence_is_taken_as_soon_as_a_cut_is_allowed() -> None:
    assert cut_at(frames((1, 8), (0, 60))) == 9.0
    assert cut_at(frames((0, 60))) == 9.0


def test_the_middle_of_a_silence_is_cut() -> None:
    assert cut_at(frames((1, 9.5), (0, 1.0), (1, 20))) == 10.0


def test_a_long_pause_before_the_target_is_better_than_a_short_one_at_it() -> None:
    assert cut_at(frames((1, 8.2), (0, 1.0), (1, 0.8), (0, 0.4), (1, 20))) == 8.7


def test_a_short_pause_is_taken_when_it_is_late() -> None:
    assert cut_at(frames((1, 10.6), (0, 0.4), (1, 20))) == 10.8


def test_a_short_pause_is_not_taken_when_it_is_early() -> None:
    assert cut_at(frames((1, 8.2), (0, 0.4), (1, 0.2), (0, 1.5), (1, 20))) == 9.5


def test_the_best_of_bad_pauses_is_taken_at_the_last_moment() -> None:
    assert cut_at(frames((1, 8.4), (0, 0.1), (1, 1), (0, 0.2), (1, 20))) == 9.6


def test_speech_without_a_pause_is_cut_where_it_is_faintest() -> None:
    assert cut_at(frames((1, 9.0), (0.6, 0.03), (1, 20))) == 9.0


def test_nothing_is_cut_before_there_is_enough() -> None:
    assert cut_at(frames((0, 7.9))) is None
    assert cut_at(frames((1, 11.9))) is None


@given(LONG_STREAMS)
def test_a_cut_lies_near_the_target(probabilities: list[float]) -> None:
    cut = ChunkPlanner(TARGET).follow(probabilities)
    assert cut is not None
    assert FIRST <= cut <= LAST


@given(LONG_STREAMS)
def test_speech_is_not_cut_when_there_is_a_silence(probabilities: list[float]) -> None:
    cut = ChunkPlanner(TARGET).follow(probabilities)
    assert cut is not None
    if min(probabilities[FIRST:LAST]) < 0.35:
        assert min(probabilities[cut - 1], probabilities[cut] if cut < LAST else 1.0) < 0.35


@given(STREAMS, st.lists(st.integers(0, 2000), max_size=10))
def test_it_does_not_matter_how_the_frames_come_in(probabilities: list[float], divisions: list[int]) -> None:
    planner = ChunkPlanner(TARGET)
    edges = [0, *sorted(divisions), len(probabilities)]
    cut = None
    for start, end in pairwise(edges):
        cut = planner.follow(probabilities[start:end])
        if cut is not None:
            break
    assert cut == ChunkPlanner(TARGET).follow(probabilities)


@given(STREAMS, st.data())
def test_a_plan_resumed_at_one_of_its_cuts_goes_on_as_it_would_have(probabilities: list[float], data: st.DataObject) -> None:
    through = cuts(probabilities)
    known = data.draw(st.integers(0, len(through)))
    assert cuts(probabilities, through[known - 1] if known else 0) == through[known:]


@pytest.mark.parametrize(
    ("expected", "start", "wanted"),
    [
        (None, 60.0, 300.0),  # nobody knows
        (59.0, 60.0, 300.0),  # it was promised shorter than it is
        (1260.0, 60.0, 300.0),
        (1000.0, 60.0, 300.0),
        (600.0, 60.0, 270.0),
        (500.0, 60.0, 220.0),
        (420.0, 60.0, 450.0),  # not to be cut before its end, which is within reach
        (90.0, 60.0, 37.5),
    ],
)
def test_a_recording_is_shared_out_so_that_no_scrap_is_left(expected: float | None, start: float, wanted: float) -> None:
    assert even(300.0, expected, start) == pytest.approx(wanted)


@given(st.floats(10, 1800), st.floats(0, 1e9), st.floats(0, 1e9))
def test_no_chunk_is_longer_than_without_it(target: float, expected: float, start: float) -> None:
    aimed = even(target, expected, start)
    longest = min(1.2 * aimed, expected - start) if aimed > target else 1.2 * aimed
    assert 0 < longest <= 1.2 * target * (1 + 1e-9)
