"""A sentence in lower case for patterns to search, with the way back from a character to the word."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from diarist.diary.utterances import Utterance


@dataclass(frozen=True, slots=True)
class Line:
    """The kept words of an utterance, lower case, punctuation kept, single spaces between."""

    text: str
    starts: tuple[int, ...]
    """Where each kept word begins in `text`."""

    def word_at(self, offset: int) -> int:
        """Which kept word holds the character."""
        return max(0, bisect_right(self.starts, offset) - 1)


def line_of(utterance: Utterance) -> Line:
    """The utterance's readable text as a line."""
    starts: list[int] = []
    parts: list[str] = []
    offset = 0
    for part in utterance.text.split(" "):
        parts.append(part.replace("\u2019", "'").lower())
        starts.append(offset)
        offset += len(parts[-1]) + 1
    return Line(" ".join(parts), tuple(starts))
