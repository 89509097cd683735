"""The shape of placeholders: as we write them, and as models write them back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from diarist.domain.masking import Kind

TEXT = "TEXT"
"""The word in a placeholder for text of the user's that looks like one."""

LONGEST = 48
"""Characters that no placeholder reaches."""

_WORDS = "|".join([*(kind.upper() for kind in Kind), TEXT])
_NUMBER = r"(?P<{}>[0-9]{{1,6}})(?:\.(?P<{}>[0-9]{{1,4}}))?"

# ASCII, because under (?i) other letters would count as the same: the long s as an s, the Kelvin sign as a k.
_SHAPE = re.compile(
    rf"""
    \[\ ?
        (?:(?P<lenient>(?i:{_WORDS}))(?i:s)?\\?[_\ -]?|(?P<strict>[A-Z]{{2,20}})\\?_)
        {_NUMBER.format("number", "form")}
        (?P<ending>(?:['\u2019]?[sS])?)
    \ ?\]
    |
    (?<![A-Za-z0-9_])(?P<bare>{_WORDS})_{_NUMBER.format("bare_number", "bare_form")}(?![A-Za-z0-9_])
    """,
    re.ASCII | re.VERBOSE,
)

_UNFINISHED = re.compile(rf"(?:\[[^\[\]]{{0,{LONGEST}}}|[A-Za-z0-9_.]+)\Z")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`[PERSON_1]` is the first form in which the first person was named, `[PERSON_1.2]` the second, such as in lower case."""

    word: str
    number: int
    form: int = 1

    def __str__(self) -> str:
        return f"[{self.word}_{self.number}]" if self.form == 1 else f"[{self.word}_{self.number}.{self.form}]"


def places(text: str) -> list[tuple[int, int]]:
    """Where something stands that would be read as a placeholder."""
    return [match.span() for match in _SHAPE.finditer(text)]


def replaced(text: str, original: Callable[[Placeholder], str]) -> str:
    """The text with each placeholder replaced; inflected ones (`[persons_1]`, `[PERSON_1's]`, `PERSON_1`) are read too."""

    def one(match: re.Match[str]) -> str:
        word = match["lenient"] or match["strict"] or match["bare"]
        number, form = match["number"] or match["bare_number"], match["form"] or match["bare_form"]
        return original(Placeholder(word.upper(), int(number), int(form or 1))) + (match["ending"] or "")

    return _SHAPE.sub(one, text)


def unfinished(text: str) -> int:
    """Where the end of a text begins that may become a placeholder when more comes; its length when there is no such end."""
    match = _UNFINISHED.search(text)
    return match.start() if match else len(text)
