from __future__ import annotations

import pytest

from diarist.domain.hints import MAX_LANGUAGES, MAX_TERM, MAX_TERMS, Hints, hints, listed
from diarist.domain.languages import LANGUAGES
from diarist.errors import InvalidInput


def test_hints_are_tidied() -> None:
    given = hints(" DE ", ["de", "EN", "de"], ["Grünwald", " Anna \n Maria ", "grünwald", ""])
    assert given == Hints(language="de", languages=("de", "en"), vocabulary=("Grünwald", "Anna Maria"))


def test_nothing_given_is_nothing_known() -> None:
    assert hints() == hints("", (), ["  "]) == Hints()


@pytest.mark.parametrize("code", ["eng", "german", "xx", "en-US", "e"])
def test_what_is_no_language_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput, match="no language code"):
        hints(code)
    with pytest.raises(InvalidInput, match="no language code"):
        hints(languages=["en", code])


def test_a_language_that_may_not_be_spoken_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not one of those"):
        hints("fr", ["de", "en"])


def test_there_may_not_be_too_many_nor_too_long_ones() -> None:
    assert len(hints(vocabulary=[f"word{n}" for n in range(MAX_TERMS)]).vocabulary) == MAX_TERMS
    with pytest.raises(InvalidInput, match="101 entries"):
        hints(vocabulary=[f"word{n}" for n in range(MAX_TERMS + 1)])
    with pytest.raises(InvalidInput, match="61 characters"):
        hints(vocabulary=["x" * (MAX_TERM + 1)])
    with pytest.raises(InvalidInput, match="languages to choose from"):
        hints(languages=sorted(LANGUAGES)[: MAX_LANGUAGES + 1])
    with pytest.raises(InvalidInput, match="cannot be shown"):
        hints(vocabulary=["a\x1bb"])


def test_lists_are_read_from_lines_and_commas() -> None:
    assert listed("Anna, Grünwald\n\n Saint-Exupéry ,") == ["Anna", "Grünwald", "Saint-Exupéry"]
    assert listed(None) == listed("") == []
