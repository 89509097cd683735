"""A sentence in lower case for patterns to search, with the way back from a character to the word."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from diarist.diary.utterances import Utterance


@dataclass(frozen=True, slots=True)
class Line:
    """Words of an utterance, lower case, punctuation kept, single spaces between."""

    text: str
    starts: tuple[int, ...]
    """Where each word begins in `text`."""

    def word_at(self, offset: int) -> int:
        """Which word holds the character."""
        return max(0, bisect_right(self.starts, offset) - 1)


def line_of(utterance: Utterance) -> Line:
    """The utterance's readable text as a line."""
    return _line(utterance.text.split(" "))


def spoken_line(utterance: Utterance) -> Line:
    """Every word of the utterance as heard, as a line; its places are those of `Utterance.words`."""
    return _line([word.text for word in utterance.words])


def _line(pieces: Sequence[str]) -> Line:
    parts = [piece.replace("\u2019", "'").lower() for piece in pieces]
    lengths = (len(part) + 1 for part in parts[:-1])
    return Line(" ".join(parts), tuple(accumulate(lengths, initial=0)))
