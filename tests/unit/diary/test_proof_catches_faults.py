"""A proof fails when anything in an entry was changed so that it says more, or other, than was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from diarist.diary.compose import compose
from diarist.diary.proof import prove
from diarist.domain.diary import ActionItem, Citation, Entry, Mention, Sentence
from heard import heard
from memos import DAY

TRANSCRIPT = heard(
    "I don't think I'll go to the party. Anna said it could rain, maybe. I need to call the dentist by Thursday, I hate it."
)
ENTRY = compose(TRANSCRIPT)


def _with_sentence(entry: Entry, text: str) -> Entry:
    return replace(entry, sentences=(replace(entry.sentences[0], text=text), *entry.sentences[1:]))


def _with_citation(entry: Entry, **changes: object) -> Entry:
    (citation,) = entry.sentences[0].citations
    changed: Citation = replace(citation, **changes)  # type: ignore[arg-type]  # each case gives what the field holds
    return replace(entry, sentences=(replace(entry.sentences[0], citations=(changed,)), *entry.sentences[1:]))


def _item(entry: Entry) -> ActionItem:
    (item,) = entry.action_items
    return item


def _person(entry: Entry) -> Mention:
    (person,) = entry.people
    return person


def test_what_compose_makes_is_proven() -> None:
    assert prove(ENTRY, TRANSCRIPT) == []
    assert prove(compose(heard(DAY)), heard(DAY)) == []


@pytest.mark.parametrize(
    "tampered",
    [
        lambda entry: _with_sentence(entry, "I'll go to the party."),
        lambda entry: _with_sentence(entry, "I don't I'll go to the party."),
        lambda entry: _with_sentence(entry, "I don't think I'll ever go to the party."),
        lambda entry: _with_sentence(entry, "To the party I don't think I'll go."),
        lambda entry: _with_citation(entry, quote="I don't think I will go to the party."),
        lambda entry: _with_citation(entry, start=0.1),
        lambda entry: _with_citation(entry, end=99.0),
        lambda entry: _with_citation(entry, segment_ids=(1,)),
        lambda entry: _with_citation(entry, segment_ids=()),
        lambda entry: replace(entry, sentences=(Sentence(text="I don't think I'll go to the party.", citations=()),)),
        lambda entry: replace(entry, action_items=(replace(_item(entry), text="Call the doctor by Thursday"),)),
        lambda entry: replace(entry, action_items=(replace(_item(entry), due="by Friday"),)),
        lambda entry: replace(entry, action_items=(replace(_item(entry), citations=()),)),
        lambda entry: replace(entry, people=(replace(_person(entry), name="Hanna"),)),
        lambda entry: replace(entry, mood=replace(entry.mood, citations=_with_citation(entry, end=9.9).sentences[0].citations)),
    ],
)
def test_a_changed_entry_is_found_out(tampered: Callable[[Entry], Entry]) -> None:
    assert prove(tampered(ENTRY), TRANSCRIPT)


def test_an_item_may_not_lose_its_doubt() -> None:
    transcript = heard("I should probably call the bank.")
    entry = compose(transcript)
    (item,) = entry.action_items

    assert item.text == "Probably call the bank"
    assert prove(replace(entry, action_items=(replace(item, text="Call the bank"),)), transcript)
