"""People are found by name, by title and by what they are to the speaker; places, days and things are not people."""

from __future__ import annotations

import pytest

from diarist.diary.compose import compose
from heard import heard


def _people(text: str) -> dict[str, int]:
    return {person.name: len(person.citations) for person in compose(heard(text)).people}


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("At lunch I walked with Marcus around the lake.", {"Marcus": 1}),
        ("My sister Anna came by. Anna brought cake.", {"Anna": 2}),
        ("I called my sister. It was about my sister Anna.", {"Anna": 2}),
        ("I called my sister and she was out.", {"My sister": 1}),
        ("Mom cried. I hugged my mom.", {"Mom": 2}),
        ("Dr. Patel was against it, but Dr. Patel came round.", {"Dr. Patel": 1}),
        ("It was my old teacher, Mrs. Okafor.", {"Mrs. Okafor": 1}),
        ("Uncle Ray sat down next to me.", {"Uncle Ray": 1}),
        ("Her husband Victor drives a bus.", {"Victor": 1}),
        ("The inspector was a woman called Yvonne Marsh. Later Yvonne smiled.", {"Yvonne Marsh": 2}),
        ("I talked to Thandeka and she said yes.", {"Thandeka": 1}),
        ("I told Priya's brother about it.", {"Priya": 1}),
        ("Will said no. I asked Mark.", {"Will": 1, "Mark": 1}),
    ],
)
def test_people_are_found_once_each(said: str, people: dict[str, int]) -> None:
    assert _people(f"It rained in the morning. {said}") == people


def test_lower_case_speech_has_people_too() -> None:
    assert _people("we sat outside and simon brought biscuits. i asked simon for his ladder. he will come.") == {"Simon": 2}


@pytest.mark.parametrize(
    "said",
    [
        "On Monday we drove from Lisbon to Porto.",
        "They moved it to June.",
        "We spent a week in Florence.",
        "Is IBM Watson any good?",
        "Google said it would close the office.",
        "Training went well. Everything is fine.",
        "His wife was there and a mother with her child.",
        "It's called Rodolfo's and the food is good.",
        "Will you mark the page? May I come in?",
        "Bed 6 was empty. In Bed 9 she slept.",
    ],
)
def test_what_is_no_person_is_not_listed(said: str) -> None:
    assert _people(f"It rained in the morning. {said}") == {}
