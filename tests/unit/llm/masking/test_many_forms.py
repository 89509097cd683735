"""The pattern of many forms finds what the forms side by side would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.llm.masking.many_forms import pattern_of

FORMS = st.lists(st.text("abAB .(", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=8)


@given(forms=FORMS, text=st.text("abAB .(\n", max_size=40))
def test_it_finds_what_they_find_side_by_side_the_longest_first(forms: list[str], text: str) -> None:
    parts = sorted((form.split() for form in forms), key=lambda one: -len("".join(one)))
    plain = "|".join(r"\s+".join(map(re.escape, one)) for one in parts)

    for border in ("", r"\b", r"(?<![ab])"):
        for flags in (re.NOFLAG, re.IGNORECASE):
            one = [match.span() for match in re.finditer(rf"{border}(?:{plain})(?!\w)", text, flags)]
            other = [match.span() for match in re.finditer(rf"{border}{pattern_of(forms, flags)}(?!\w)", text, flags)]
            assert other == one


@pytest.mark.parametrize(
    ("short", "long"), [("Ann", "ann Wu"), ("ANN", "Ann Wu"), ("\u0130rem", "irem Wu"), ("\u1e9e", "\xdf Wu")]
)
def test_a_short_form_in_other_capitals_hides_no_longer_one(short: str, long: str) -> None:
    pattern = re.compile(pattern_of([short, long], re.IGNORECASE) + r"(?!\w)", re.IGNORECASE)
    assert [pattern.findall(text) for text in (short, long, long.lower())] == [[short], [long], [long.lower()]]


def test_a_thousand_names_are_nested_no_deeper_than_they_fork() -> None:
    names = [f"Anna{'abcdefgh'[number % 8] * (number // 8)}x" for number in range(1000)]

    pattern = re.compile(pattern_of(names))
    assert all(pattern.fullmatch(name) for name in names)
