"""Divides the words of a whole window into segments as people read them: by sentence, and at every pause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diarist.domain.transcript import Word

_ENDS = (".", "?", "!", "…", "\N{IDEOGRAPHIC FULL STOP}", "\N{FULLWIDTH QUESTION MARK}", "\N{FULLWIDTH EXCLAMATION MARK}",
         "\N{DEVANAGARI DANDA}", "\N{ARABIC QUESTION MARK}")  # fmt: skip
_QUOTES = " \"'()«»“”\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}¿¡"
_PAUSE = 1.0
"""Seconds between two words that divide even within a sentence."""


def phrases(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The words in groups, in order; a group ends with a sentence or before a pause."""
    group: list[Word] = []
    for word in words:
        if group and (word.start - group[-1].end >= _PAUSE or _ends_sentence(group[-1].text, word.text)):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _ends_sentence(text: str, following: str) -> bool:
    """A full stop before a small letter or a digit belongs to an abbreviation or a number."""
    first = following.lstrip(_QUOTES)[:1]
    return text.rstrip(_QUOTES).endswith(_ENDS) and not (first.islower() or first.isdigit())
