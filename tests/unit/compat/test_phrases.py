from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.compat.phrases import phrases
from diarist.domain.hints import MAX_TERM, MAX_TERMS, hints


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("", []),
        ("Anna, Grünwald and Dr. Paul.\nKohl 3.5 kg", ["Anna", "Grünwald and Dr", "Paul", "Kohl 3.5 kg"]),
        ("Anna. Anna", ["Anna"]),
        (
            "word " * 20,
            ["word word word word word word word word word word word word", "word word word word word word word word"],
        ),
        ("x" * 61 + " Paul", ["Paul"]),
    ],
)
def test_a_prompt_is_cut_where_it_pauses(prompt: str, found: list[str]) -> None:
    assert phrases(prompt) == found


@given(st.text(max_size=2000))
def test_whatever_is_prompted_is_a_vocabulary(prompt: str) -> None:
    found = phrases(prompt)
    assert len(found) <= MAX_TERMS
    assert all(len(phrase) <= MAX_TERM for phrase in found)
    hints(None, (), found)
