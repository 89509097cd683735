"""Pieces of words become words with times."""

from __future__ import annotations

import math

import pytest

from diarist.adapters.transcription_engines.token_words import Token, belief, words


def said(*tokens: tuple[str, float], end: float = 10.0) -> list[tuple[str, float, float]]:
    found = words([Token(text, time, math.log(0.5)) for text, time in tokens], end)
    return [(word.text, round(word.start, 3), round(word.end, 3)) for word in found]


def test_a_blank_begins_a_word_that_lasts_until_the_next_or_not_long() -> None:
    assert said((" har", 1.0), ("bour", 1.2), (" rain", 1.36), ("ed", 1.6), (" again", 3.0)) == [
        (" harbour", 1.0, 1.36),
        (" rained", 1.36, 1.92),
        (" again", 3.0, 3.32),
    ]


def test_punctuation_belongs_to_the_word_before_and_does_not_lengthen_it() -> None:
    assert said((" Yes", 1.0), (",", 2.5), (" no", 2.6), (" .", 4.0)) == [(" Yes,", 1.0, 1.32), (" no.", 2.6, 2.92)]
    assert said((" ¿", 1.0), ("C", 1.1), ("ómo", 1.2), ("?", 1.3)) == [(" ¿Cómo?", 1.1, 1.52)]


def test_a_vocabulary_of_letters_has_the_blank_as_a_letter() -> None:
    assert said(("j", 1.0), ("a", 1.04), (" ", 1.1), ("n", 1.2), ("ö", 1.24)) == [(" ja", 1.0, 1.2), (" nö", 1.2, 1.56)]


def test_nothing_lasts_longer_than_the_sound() -> None:
    assert said((" late", 9.9), end=10.0) == [(" late", 9.9, 10.0)]
    assert said((" later", 10.4), end=10.0) == [(" later", 10.0, 10.0)]


@pytest.mark.parametrize("tokens", [[], [(" .", 1.0)], [(" ", 1.0), ("…", 1.1)]])
def test_what_has_no_letter_is_no_word(tokens: list[tuple[str, float]]) -> None:
    assert said(*tokens) == []


def test_belief_is_a_geometric_mean() -> None:
    assert belief([math.log(0.9), math.log(0.4)]) == pytest.approx(0.6)
    assert belief([None, math.log(0.4)]) == pytest.approx(0.4)
    assert belief([]) == belief([None]) == belief([0.5]) == 1.0
