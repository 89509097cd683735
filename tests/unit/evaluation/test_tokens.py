from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.evaluation.numbers import number_at
from diarist.evaluation.tokens import tokens


def compared(text: str) -> str:
    return " ".join(token.text for token in tokens(text.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, WORLD!", "hello world"),
        ("don't", "Don\N{RIGHT SINGLE QUOTATION MARK}t"),
        ("a well-known fact", "a well known fact"),
        ("Mr. Smith met Dr. Jones.", "mister Smith met doctor Jones"),
        ("He paid ninety-two euros.", "He paid €92."),
        ("twelve percent & more", "12% and more"),
        ("It cost a thousand two hundred and fifty dollars", "It cost $1,250"),
        ("two point five metres", "2.5 metres"),
        ("the twenty-first of March, at nine thirty", "the 21st of March, at 9:30"),
        ("three million people", "3 million people"),
        ("one, two, three", "1 2 3"),
        ("the \N{LATIN SMALL LIGATURE FI}rst", "the 1st"),
    ],
)
def test_the_same_words_written_in_two_ways(one: str, other: str) -> None:
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("one", "other"), [("naïve", "naive"), ("to", "two"), ("can", "can't"), ("fifty", "fifteen"), ("ninety two", "90 2")]
)
def test_other_words_stay_others(one: str, other: str) -> None:
    assert compared(one) != compared(other)


@pytest.mark.parametrize(
    ("text", "tokenised"),
    [
        ("中文字, ok", "中 文 字 ok"),
        ("हिन्दी में", "हिन्दी में"),
        ("Straße", "strasse"),
        ("a hundred and five and one", "105 and 1"),
        ("one hundred and", "100 and"),
        ("and then a second thousand", "and then a 2nd thousand"),
        ("two thousand and twenty four", "2024"),
        ("nineteen hundred", "1900"),
        ("five hundred thousand two", "500002"),
        ("three thousand four million", "3004 million"),
        ("forty zero", "40 0"),
        ("the eleventh, the one hundredth, the 112th", "the 11th the 100th the 112th"),
    ],
)
def test_how_words_are_compared(text: str, tokenised: str) -> None:
    assert compared(text) == tokenised


def test_tokens_know_the_words_they_are_made_of() -> None:
    found = tokens(["About", "ninety", "two", "well-known", "songs"])
    assert [(token.text, token.first, token.last) for token in found] == [
        ("about", 0, 0), ("92", 1, 2), ("well", 3, 3), ("known", 3, 3), ("songs", 4, 4)
    ]  # fmt: skip


SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: E501, SIM905
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905


def spelled(number: int, joint: str) -> str:
    for value, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= value:
            rest = number % value
            word = joint if 0 < rest < 100 else ""
            return " ".join(filter(None, [spelled(number // value, joint), name, word, spelled(rest, joint) if rest else ""]))
    if number < 20:
        return SMALL[number]
    return " ".join(filter(None, [TENS[number // 10], SMALL[number % 10] if number % 10 else ""]))


@given(st.integers(0, 10**12 - 1), st.sampled_from(["", "and"]))
def test_every_number_in_words_is_itself(number: int, joint: str) -> None:
    words = spelled(number, joint).split()
    assert number_at([*words, "euros"], 0) == (str(number), len(words))


@given(st.text())
def test_any_text_is_compared_the_same_way_again(text: str) -> None:
    found = tokens(text.split())
    assert all(token.text and not token.text.isspace() for token in found)
    assert all(0 <= token.first <= token.last < len(text.split()) for token in found)
    assert all(left.last <= right.first for left, right in pairwise(found))
