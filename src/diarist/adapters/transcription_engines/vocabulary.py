"""Names that are likely to be said, told to Whisper within bounds, and found out where it only repeats them; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence

from diarist.domain.bare_text import bare_words

VOCABULARY_ECHO = "vocabulary_echo"
"""The suspicion that a text is nothing but the hints once more."""
_MOST_TOKENS = 96
"""Of the hints in a prompt: with them a window of 30 s still has room for the fastest speaker."""
_COMMAND = "<|"
"""Begins what tokenizers take for a command, such as `<|translate|>`, wherever it stands; nobody is called that."""
_TOLD = 2
"""Terms in one segment that consists of nothing else: a list, as nobody speaks."""


def hotwords(vocabulary: Sequence[str], size: Callable[[str], int], most: int = _MOST_TOKENS) -> str | None:
    """The first terms, whole ones, as many as there is room for; `size` counts the tokens of a text, or whatever `most` bounds.

    With commas and no full stop: a list that is finished is a text that came before, and helps with no name.
    """
    kept = ""
    for term in vocabulary:
        if _COMMAND in term:
            continue
        longer = f"{kept}, {term}" if kept else term
        if size(longer) > most:
            break
        kept = longer
    return kept or None


def echoes(segment: str, window: str, vocabulary: Sequence[str]) -> bool:
    """Whether a segment only repeats hints: its window holds nothing else, or it is a list of several."""
    terms = {words for term in vocabulary if (words := _words(term))}
    # Of a name of several words each may stand alone, but not each letter of one in a script without spaces.
    units = terms | {(word,) for term in terms for word in term if len(word) > 1}
    said = _words(segment)
    if not said or not _made_of(said, units):
        return False
    return _made_of(_words(window), units) or sum(_holds(said, term) for term in terms) >= _TOLD


def _words(text: str) -> tuple[str, ...]:
    """Divided by punctuation, too, since a hyphen may be heard or not."""
    return bare_words("".join(" " if unicodedata.category(character)[0] in "PS" else character for character in text))


def _made_of(words: tuple[str, ...], units: Collection[tuple[str, ...]]) -> bool:
    """Whether it is one unit after the other, and nothing else."""
    reached = {0}
    for place in range(len(words)):
        if place in reached:
            reached.update(place + len(unit) for unit in units if words[place : place + len(unit)] == unit)
    return len(words) in reached


def _holds(words: tuple[str, ...], term: tuple[str, ...]) -> bool:
    return any(words[place : place + len(term)] == term for place in range(len(words)))
