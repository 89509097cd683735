import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.evaluation.scoring import SaidWord, TimeErrors, WordErrors, compare

TEXTS = st.lists(st.sampled_from(["alpha", "bravo", "delta", "golf"]), max_size=25)


def plain(words: list[str]) -> list[SaidWord]:
    return [SaidWord(text=word) for word in words]


@given(TEXTS.filter(bool), TEXTS)
def test_errors_are_those_that_jiwer_counts(said: list[str], heard: list[str]) -> None:
    errors = compare(plain(said), plain(heard)).errors
    theirs = jiwer.process_words(" ".join(said), " ".join(heard))
    assert errors == WordErrors(
        words=len(said), substitutions=theirs.substitutions, deletions=theirs.deletions, insertions=theirs.insertions
    )
    assert errors.rate == pytest.approx(theirs.wer)


@given(TEXTS, TEXTS)
def test_hits_and_counts_add_up(said: list[str], heard: list[str]) -> None:
    errors = compare(plain(said), plain(heard)).errors
    assert len(said) - errors.deletions == len(heard) - errors.insertions
    assert errors.words == len(said)


def test_without_words_every_word_is_too_many_and_there_is_no_rate() -> None:
    errors = compare([], plain(["Thank", "you."])).errors
    assert (errors.insertions, errors.rate) == (2, None)
    assert compare([], []).errors == WordErrors()


def test_counts_of_several_recordings_add_up() -> None:
    one = WordErrors(words=10, substitutions=1, deletions=2, insertions=3)
    assert (one + one).rate == one.rate
    assert one + WordErrors() == one


def test_times_of_matched_words_are_compared() -> None:
    said = [
        SaidWord(text="Ninety", start=1.0),
        SaidWord(text="two"),
        SaidWord(text="euros,", start=2.0),
        SaidWord(text="gone.", start=3.0),
        SaidWord(text="Well."),
    ]
    heard = [
        SaidWord(text="92", start=1.1),
        SaidWord(text="Euros", start=1.9),
        SaidWord(text="done", start=9.0),
        SaidWord(text="well", start=9.0),
    ]
    comparison = compare(said, heard)
    assert comparison.errors == WordErrors(words=4, substitutions=1)
    assert comparison.start_errors == pytest.approx((0.1, -0.1))


def test_how_far_times_are_off() -> None:
    errors = [0.01 * size * (-1) ** size for size in range(1, 101)]
    times = TimeErrors.of(errors)
    assert times is not None
    assert times.words == 100
    assert (times.median, times.percentile_95) == pytest.approx((0.505, 0.95))
    late = TimeErrors.of([0.03, 0.04, -0.5])
    assert late is not None
    assert late.shift == 0.03
    assert TimeErrors.of([]) is None
