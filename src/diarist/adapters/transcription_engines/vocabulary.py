"""Names that are likely to be said, told to Whisper within bounds, and found out where it only repeats them; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

VOCABULARY_ECHO = "vocabulary_echo"
"""The suspicion that a text is nothing but the hints once more."""
_MOST_TOKENS = 96
"""Of the hints in a prompt: with them a window of 30 s still has room for the fastest speaker."""
_COMMAND = "<|"
"""Begins what tokenizers take for a command, such as `<|translate|>`, wherever it stands; nobody is called that."""
_TOLD = 2
"""Terms in one segment that consists of nothing else: a list, as nobody speaks."""


def hotwords(vocabulary: Sequence[str], tokens: Callable[[str], int]) -> str | None:
    """The first terms, as many as there is room for; `tokens` counts those of a text.

    With commas and no full stop: a list that is finished is a text that came before, and helps with no name.
    """
    kept = ""
    for term in vocabulary:
        if _COMMAND in term:
            continue
        longer = f"{kept}, {term}" if kept else term
        if tokens(longer) > _MOST_TOKENS:
            break
        kept = longer
    return kept or None


def echoes(segment: str, window: str, vocabulary: Sequence[str]) -> bool:
    """Whether a segment only repeats hints: its window holds nothing else, or it is a list of several."""
    terms = [words for term in vocabulary if (words := _words(term))]
    known = {word for term in terms for word in term}
    said = _words(segment)
    if not said or not known.issuperset(said):
        return False
    return known.issuperset(_words(window)) or sum(known_term <= set(said) for known_term in map(set, terms)) >= _TOLD


def _words(text: str) -> list[str]:
    bare = "".join(character if character.isalnum() else " " for character in text.casefold())
    return bare.split()
