"""Keeps what the owner wrote: an edited sentence stands in every later version of its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from diarist.domain.diary import Entry, Sentence, any_overlap
from diarist.errors import InvalidInput

LONGEST = 2000
"""Characters of an edited sentence."""


def edited(entry: Entry, texts: Mapping[int, str]) -> Entry:
    """The entry with other words for some sentences, by their place from 0; raises `InvalidInput`."""
    sentences = list(entry.sentences)
    for place, text in texts.items():
        if not 0 <= place < len(sentences):
            raise InvalidInput(
                f"the entry has no sentence {place}", advice=f"It has {len(sentences)} of them, counted from 0; read it again."
            )
        words = " ".join(text.split())
        if not words or len(words) > LONGEST:
            raise InvalidInput(f"a sentence has 1 to {LONGEST} characters", advice="Give it some, and not too many.")
        if words != sentences[place].text:
            sentences[place] = replace(sentences[place], text=words, edited=True)
    return replace(entry, sentences=tuple(sentences))


def with_edits(new: Entry, previous: Entry | None) -> Entry:
    """A newly written entry with the sentences that were edited in the one before.

    A sentence that tells the same moments gives way to the edited one; where none does, it goes to its place in time.
    """
    sentences = list(new.sentences)
    for kept in (sentence for sentence in previous.sentences if sentence.edited) if previous else ():
        same = [
            place for place, other in enumerate(sentences) if not other.edited and any_overlap(kept.citations, other.citations)
        ]
        at = same[0] if same else next((place for place, other in enumerate(sentences) if _later(other, kept)), len(sentences))
        sentences = [sentence for place, sentence in enumerate(sentences) if place not in same]
        sentences.insert(at, kept)
    return replace(new, sentences=tuple(sentences))


def _later(one: Sentence, other: Sentence) -> bool:
    return bool(one.citations and other.citations) and one.citations[0].start > other.citations[0].start
