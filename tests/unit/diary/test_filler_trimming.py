"""Filler goes, meaning stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.diary.english import HEDGES, NEGATIONS
from diarist.diary.filler import HESITATIONS, OPENERS, trim, without_restarts
from diarist.diary.speech import listen
from diarist.diary.utterances import utterances
from heard import heard


def _read(text: str) -> str:
    return " ".join(utterance.text for utterance in utterances(listen(heard(text))))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Um, I just, I just got off the phone with, uh, with the landlord.", "I just got off the phone with the landlord."),
        ("Okay so it's Tuesday evening.", "It's Tuesday evening."),
        ("So yeah I need to call the bank.", "I need to call the bank."),
        ("It won't be fixed until, like, the twentieth.", "It won't be fixed until the twentieth."),
        ("And you know, he says that it's over.", "And he says that it's over."),
        ("I went to the the the shop.", "I went to the shop."),
        ("i think i'm late.", "I think I'm late."),
        ("She stayed at her place, you know.", "She stayed at her place."),
    ],
)
def test_filler_is_trimmed(said: str, read: str) -> None:
    assert _read(said) == read


@pytest.mark.parametrize(
    "said",
    [
        "I don't think I'll go.",
        "Maybe I should ask.",
        "So I've decided.",
        "I like it, like really.",
        "It was very very cold.",
        "No, no, never again.",
        "You know what I mean.",
        "She had had enough.",
        "Right there he hugged me.",
        "I kind of miss it.",
        "I know, I know.",
        "The code is two two seven.",
    ],
)
def test_meaning_is_left_alone(said: str) -> None:
    assert _read(said) == said


def test_a_yes_that_answers_is_no_filler() -> None:
    assert _read("Are you coming? Yeah, I think so.") == "Are you coming? Yeah, I think so."


def test_no_filler_word_denies_or_hedges() -> None:
    assert not (HESITATIONS | OPENERS) & (NEGATIONS | HEDGES)


@given(st.lists(st.sampled_from("I don't, not um, um maybe like, the the, you know, we go so okay, yeah never two.".split())))  # noqa: SIM905
def test_trimming_only_removes_and_keeps_every_kind_of_denial_and_doubt(pieces: list[str]) -> None:
    words = listen(heard(" ".join(pieces))).words

    kept = trim(words)

    assert [word.index for word in kept] == sorted({word.index for word in kept})
    guarded = NEGATIONS | HEDGES
    assert {word.plain for word in kept} & guarded == {word.plain for word in words} & guarded
    assert without_restarts(kept) == kept
