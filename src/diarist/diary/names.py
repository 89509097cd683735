"""What can be told of a word as a name from how it is written."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.english import FUNCTION_WORDS, VAGUE
from diarist.diary.kinship import NAME_TITLES, RELATIONS
from diarist.diary.not_people import NOT_PEOPLE
from diarist.diary.speech import Spoken
from diarist.domain.given_names import GIVEN_NAMES, ONLY_NAMES

# Names whatever the case they are written in.
UNMISTAKABLE = ONLY_NAMES - NOT_PEOPLE
# Never a name's first word, capital or not.
NEVER_NAMES = (FUNCTION_WORDS | VAGUE | NOT_PEOPLE | RELATIONS | NAME_TITLES) - (GIVEN_NAMES - FUNCTION_WORDS) - {"will"}
# Never a surname or the name behind a relation or title.
NEVER_LAST = FUNCTION_WORDS | NOT_PEOPLE
LONGEST = 3
"""Words of a name."""


def is_capital(word: Spoken) -> bool:
    """Whether the word is written with a capital."""
    return word.text.lstrip("\"'\u201c\u2018(")[:1].isupper()


def is_acronym(word: Spoken) -> bool:
    """Whether the word is all capitals."""
    return word.text.isupper() and len(word.plain) > 1


def closes(word: Spoken) -> bool:
    """Whether a name cannot go on after the word."""
    return not word.text[-1:].isalnum() or word.plain.endswith("'s")


def bare(word: Spoken) -> str:
    """The plain word without its possessive."""
    return word.plain.removesuffix("'s").removesuffix("'")


def display(words: Sequence[Spoken]) -> str:
    """The words as a name is written."""
    shown = (word.text.strip("\"'\u201c\u201d\u2018\u2019.,;:!?()[]\u2026-\u2013\u2014") for word in words)
    parts = [part.replace("\u2019", "'").removesuffix("'s") for part in shown]
    return " ".join(part[:1].upper() + part[1:] for part in parts)


def full_length(words: Sequence[Spoken], index: int, *, cased: bool) -> int:
    """How many words the name has that begins at `index`, surnames included."""
    length = 1
    while length < LONGEST and index + length < len(words) and not closes(words[index + length - 1]):
        word = words[index + length]
        if not (cased and is_capital(word)) or bare(word) in NEVER_LAST or is_acronym(word):
            break
        length += 1
    return length


def expected_length(words: Sequence[Spoken], index: int, *, cased: bool) -> int:
    """How many words of a name stand where one is expected, as behind "my sister"; 0 when none does."""
    if index >= len(words):
        return 0
    word, plain = words[index], bare(words[index])
    if plain in UNMISTAKABLE or (cased and is_capital(word) and (plain in GIVEN_NAMES or plain not in NEVER_LAST)):
        return full_length(words, index, cased=cased)
    return 0
