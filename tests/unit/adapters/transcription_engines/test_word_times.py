from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from diarist.adapters.transcription_engines.word_times import Pauses, lateness_of, timed
from diarist.domain.transcript import Segment, Word

RATE = 16_000
LOUD, QUIET = 0.1, 0.0005


def sound(*stretches: tuple[float, float]) -> NDArray[np.float32]:
    """Noise in stretches of (seconds, level)."""
    chance = np.random.default_rng(1)
    return np.concatenate([chance.normal(0, level, round(seconds * RATE)) for seconds, level in stretches]).astype(np.float32)


def word(start: float, end: float, text: str = "word") -> Word:
    return Word(start=start, end=end, text=text, probability=0.9)


def segment(*words: Word) -> Segment:
    return Segment(
        start=words[0].start, end=words[-1].end, text=" ".join(one.text for one in words), probability=0.9, words=words
    )


TWO_PHRASES = sound((1.0, QUIET), (1.0, LOUD), (0.8, QUIET), (1.0, LOUD), (0.5, QUIET))


def test_pauses_are_where_nothing_sounds() -> None:
    pauses = Pauses.of(TWO_PHRASES)
    assert pauses.starts == pytest.approx((0.0, 2.0, 3.8), abs=0.02)
    assert pauses.ends == pytest.approx((1.0, 2.8, 4.3), abs=0.02)


def test_steady_sound_moves_nothing() -> None:
    words = (word(0.5, 0.8), word(0.8, 1.1))
    for level in (LOUD, QUIET):
        assert [one.words for one in timed([segment(*words)], sound((3.0, level)), 0.0)] == [words]


def test_a_word_beside_a_pause_begins_and_ends_with_its_sound() -> None:
    heard = segment(word(0.7, 1.5), word(1.5, 2.3), word(2.4, 3.3), word(3.3, 4.1))
    (placed,) = timed([heard], TWO_PHRASES, 0.0)
    assert [one.start for one in placed.words] == pytest.approx([1.0, 1.5, 2.8, 3.3], abs=0.02)
    assert [one.end for one in placed.words] == pytest.approx([1.5, 2.0, 3.3, 3.8], abs=0.02)
    assert (placed.start, placed.end) == (placed.words[0].start, placed.words[-1].end)


def test_a_word_that_begins_just_behind_a_pause_ends_that_pause() -> None:
    (placed,) = timed([segment(word(1.08, 1.5))], TWO_PHRASES, 0.0)
    assert placed.start == pytest.approx(1.0, abs=0.02)
    (placed,) = timed([segment(word(1.2, 1.5))], TWO_PHRASES, 0.0)
    assert placed.start == 1.2


def test_a_late_model_is_set_back() -> None:
    (placed,) = timed([segment(word(1.34, 1.54), word(1.54, 1.74))], TWO_PHRASES, 0.04)
    assert [one.start for one in placed.words] == pytest.approx([1.3, 1.5])
    assert lateness_of("Systran/faster-whisper-base") == lateness_of("base") < 0 < lateness_of("tiny.en")
    assert lateness_of("somebody/elses") == 0.0


def test_a_word_without_time_gets_some_of_its_neighbours() -> None:
    (placed,) = timed([segment(word(1.0, 1.9, " the"), word(1.9, 1.9, " nurse"))], TWO_PHRASES, 0.0)
    first, second = placed.words
    assert first.end == second.start
    assert 1.5 < second.start < 1.75
    # A pause between two words stays where it is.
    (placed,) = timed([segment(word(1.0, 1.1, " the"), word(1.6, 1.7, " nurse"))], TWO_PHRASES, 0.0)
    assert [(one.start, one.end) for one in placed.words] == [(1.0, 1.1), (1.6, 1.7)]


def test_a_segment_without_words_stays_as_it_is() -> None:
    bare = Segment(start=1.0, end=2.0, text="word", probability=0.9)
    assert list(timed([bare], TWO_PHRASES, 0.04)) == [bare]


@given(
    st.lists(st.lists(st.tuples(st.floats(-1, 6), st.floats(-1, 6)), min_size=1, max_size=6), max_size=6),
    st.sampled_from([-0.1, 0.0, 0.04]),
)
def test_whatever_comes_in_ascends_inside_the_sound(heard: list[list[tuple[float, float]]], lateness: float) -> None:
    segments = [segment(*(word(start, end) for start, end in words)) for words in heard]
    placed = list(timed(segments, TWO_PHRASES, lateness))
    words = [one for found in placed for one in found.words]
    assert [len(found.words) for found in placed] == [len(found.words) for found in segments]
    assert all(0 <= one.start <= one.end <= len(TWO_PHRASES) / RATE for one in words)
    assert all(left.end <= right.start for left, right in pairwise(words))
    assert all((found.start, found.end) == (found.words[0].start, found.words[-1].end) for found in placed)
