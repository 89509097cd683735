"""A sentence stands if it is whole clauses of what was said, changed only where no change of sense is possible."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.diary.written.hearing import Evidence, Hearing
from diarist.diary.written.wording import own_words
from heard import heard

MEMO = """
So I called the bank on Monday and they were really helpful. I think Ada moved out, and she took the cat. The meeting is in May
now, they moved it because of the venue. I don't really like the new desk. Was it Lina who called? I woke up late and missed the
bus. I have to send Olaf the figures by Friday. I'm pretty tired, but the walk was lovely, which surprised me. If it rains we stay
at home. He said that he sold the boat. It cost a hundred and twelve euros. I'll ring Eva tomorrow, or I'll write to her.
"""
STANDS = [
    "I called the bank on Monday and they were really helpful.",
    "I called the bank on Monday.",
    "On Monday I called the bank.",
    "They were helpful.",
    "I think Ada moved out.",
    "The meeting is in May now.",
    "They moved it because of the venue.",
    "I do not really like the new desk.",
    "Was it Lina who called?",
    "I woke up late and I missed the bus.",
    "The walk was lovely.",
    "I'm pretty tired but the walk was lovely.",
    "He said he sold the boat.",
    "It cost 112 euros.",
    "I called the bank on Monday, and the walk was lovely.",
]
FALLS = [
    "I called the bank.",
    "Ada moved out.",
    "She took the cat.",
    "I don't like the new desk.",
    "It was Lina who called.",
    "It was Lina who called?",
    "I missed the bus.",
    "I'm tired.",
    "We stay at home.",
    "If it rains.",
    "He sold the boat.",
    "You woke up late and missed the bus.",
    "It cost twelve euros.",
    "It cost 100 euros.",
    "I'll ring Eva tomorrow.",
    "I'll write to her.",
    "Ada took the cat.",
    "They moved it to May.",
    "The walk was lovely and I woke up late.",
    "I woke up late because the walk was lovely.",
    "I have to send Eva the figures by Friday.",
]


def _evidence(hearing: Hearing) -> list[Evidence]:
    return [hearing.between(one.words[0].index, one.words[-1].index) for one in hearing.utterances]


@pytest.fixture(scope="module")
def said() -> list[Evidence]:
    return _evidence(Hearing(heard(MEMO)))


@pytest.mark.parametrize("text", STANDS)
def test_what_was_said_stands(text: str, said: list[Evidence]) -> None:
    assert own_words(text, said)


@pytest.mark.parametrize("text", FALLS)
def test_what_lost_gained_or_moved_a_word_that_matters_does_not(text: str, said: list[Evidence]) -> None:
    assert own_words(text, said) is None


def test_only_the_quotes_that_are_told_are_named(said: list[Evidence]) -> None:
    assert own_words("The walk was lovely.", said) == frozenset({7})
    assert own_words("On Monday I called the bank, and the walk was lovely.", [said[0], said[4], said[7]]) is None
    assert own_words("I called the bank on Monday, and the walk was lovely.", [said[0], said[4], said[7]]) == frozenset({0, 2})


def test_a_thing_to_do_may_leave_out_that_it_must_be_done_and_by_when(said: list[Evidence]) -> None:
    assert own_words("Send Olaf the figures by Friday", said, item=True)
    assert own_words("Send Olaf the figures", said, item=True)
    assert own_words("Send Olaf the figures by Friday", said) is None
    assert own_words("Send Olaf", said, item=True) is None
    assert own_words("Write to her", said, item=True) is None


WORDS = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=6), min_size=1, max_size=12)


@given(words=WORDS)
def test_every_sentence_is_its_own_words(words: list[str]) -> None:
    hearing = Hearing(heard(" ".join(words) + "."))
    found = _evidence(hearing)
    if any(one.terms for one in found) and not hearing.struck:
        assert own_words(" ".join(words) + ".", found) is not None


@given(words=WORDS, more=st.text(string.ascii_lowercase, min_size=7, max_size=9), at=st.integers(0, 12))
def test_no_word_can_be_added(words: list[str], more: str, at: int) -> None:
    said = _evidence(Hearing(heard(" ".join(words) + ".")))
    assert own_words(" ".join([*words[:at], more, *words[at:]]) + ".", said) is None
