"""What the owner wrote stands in every later version."""

from __future__ import annotations

import pytest

from diarist.diary.edits import edited, with_edits
from diarist.domain.diary import Citation, Entry, Sentence
from diarist.errors import InvalidInput


def _sentence(text: str, start: float, end: float) -> Sentence:
    return Sentence(text=text, citations=(Citation(segment_ids=(0,), start=start, end=end, quote=text),))


def _entry(*sentences: Sentence) -> Entry:
    return Entry(
        title="A day", sentences=sentences, action_items=(), people=(), topics=(), mood=None, language="en", composed_by="x"
    )


def _texts(entry: Entry) -> list[tuple[str, bool]]:
    return [(sentence.text, sentence.edited) for sentence in entry.sentences]


FIRST = _entry(_sentence("One.", 0, 2), _sentence("Two.", 3, 5), _sentence("Three.", 6, 8))


def test_an_edit_is_marked_and_the_rest_is_not() -> None:
    assert _texts(edited(FIRST, {1: "Two, really."})) == [("One.", False), ("Two, really.", True), ("Three.", False)]
    assert _texts(edited(FIRST, {0: "One."}))[0] == ("One.", False)


def test_an_edited_sentence_takes_the_place_of_what_tells_the_same_moments() -> None:
    new = _entry(_sentence("One and two.", 0, 5), _sentence("Two again.", 4, 5), _sentence("Three.", 6, 8))

    assert _texts(with_edits(new, edited(FIRST, {1: "Two, really."}))) == [("Two, really.", True), ("Three.", False)]


def test_an_edited_sentence_of_which_nothing_is_left_goes_to_its_place_in_time() -> None:
    new = _entry(_sentence("One.", 0, 2), _sentence("Three.", 6, 8))

    assert _texts(with_edits(new, edited(FIRST, {1: "Two, really."}))) == [
        ("One.", False),
        ("Two, really.", True),
        ("Three.", False),
    ]
    assert with_edits(new, FIRST) == new
    assert with_edits(new, None) == new


@pytest.mark.parametrize("texts", [{3: "Four."}, {-1: "None."}, {0: "  "}, {0: "x" * 2001}])
def test_what_is_no_edit_is_refused(texts: dict[int, str]) -> None:
    with pytest.raises(InvalidInput):
        edited(FIRST, texts)
