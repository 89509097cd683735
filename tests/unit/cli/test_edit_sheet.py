"""A sheet comes back as the changes that were made on it, or says which line cannot be told."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.cli.edit_sheet import changes, sheet
from diarist.domain.diary import Citation, Entry, Sentence
from diarist.errors import Conflict, DiaristError, InvalidInput

ENTRY_ID = UUID("019a0c60-11b2-7c55-a0f3-1c2d3e4f5a6b")


def entry(*texts: str, edited: bool = False) -> Entry:
    proof = Citation(segment_ids=(0,), start=12.4, end=15.0, quote="um, it was said so")
    sentences = tuple(Sentence(text=text, citations=(proof,), edited=edited) for text in texts)
    return Entry(
        title="A day", sentences=sentences, action_items=(), people=(), topics=(), mood=None, language="en", composed_by="x"
    )


THREE = entry("One day.", "2. of May it rained.", "# was the sign.")


def given_out(**more: str) -> str:
    return sheet(THREE, ENTRY_ID, 4)


def test_a_sheet_numbers_the_sentences_and_shows_what_proves_them() -> None:
    text = sheet(entry("One day.", edited=True), ENTRY_ID, 4)

    assert text.startswith(f"# A day\n# entry {ENTRY_ID}, version 4\n")
    assert text.endswith("\n1. One day.\n#  in your own words\n#  [0:12] \u201cum, it was said so\u201d\n")


def test_what_is_left_as_it_is_changes_nothing() -> None:
    assert changes(given_out(), THREE, ENTRY_ID) == {}
    assert changes("\ufeff" + given_out().replace("\n", "\r\n"), THREE, ENTRY_ID) == {}


def test_other_words_are_told_by_their_place_also_over_several_lines_and_in_another_order() -> None:
    assert changes("3. # was the sign.\n\n1.  One\n   fine  day.\n2. 2. of May it rained.\n", THREE, ENTRY_ID) == {
        0: "One fine  day."
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1. One day.\n2. 2. of May it rained.\n", "sentence 3 is missing"),
        ("", "sentence 1, 2, 3 is missing"),
        ("1. a\n2. b\n3. c\n4. d\n", "no sentence 4"),
        ("1. a\n2. b\n3. c\n0. d\n", "no sentence 0"),
        ("1. a\n2. b\n2. c\n3. d\n", "sentence 2 is there twice"),
        ("1. a\n2. b\n3.\n", "sentence 3 has no words"),
        ("1. a\nand more\n2. b\n3. c\n", "line 2 has no number"),
        ("   stray\n1. a\n2. b\n3. c\n", "line 1 has no number"),
        ("1 a\n2. b\n3. c\n", "line 1 has no number"),
    ],
)
def test_what_cannot_be_matched_says_where(text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        changes(text, THREE, ENTRY_ID)


def test_a_sheet_of_an_older_version_is_refused() -> None:
    with pytest.raises(Conflict, match="version 4"):
        changes(given_out(), THREE, UUID(int=5))


TEXTS = st.lists(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).map(str.split).filter(bool).map(" ".join), max_size=6
)


@given(texts=TEXTS, data=st.data())
def test_every_sheet_is_read_as_it_was_written(texts: list[str], data: st.DataObject) -> None:
    before = entry(*texts)
    after = [data.draw(st.sampled_from([text, f"{text} Really."])) for text in texts]
    written = sheet(entry(*after), ENTRY_ID, 1)

    assert changes(written, before, ENTRY_ID) == {
        place: new for place, (old, new) in enumerate(zip(texts, after, strict=True)) if new != old
    }


@given(st.text())
def test_whatever_comes_back_is_read_or_refused(text: str) -> None:
    with suppress(DiaristError):
        changes(text, THREE, ENTRY_ID)
