"""Breaks pieces into lines of even length, at commas rather than within a phrase."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from diarist.transcription.formats.cutting import best_cuts
from diarist.transcription.formats.pieces import Piece
from diarist.transcription.formats.wording import columns

_A_LINE = 1e6
"""The price of a line: none is made that is not needed."""
_IN_A_PHRASE = 36.0
"""Two lines may differ by this many columns squared before one of them ends in the middle of a phrase."""
ENDS = tuple(".?!\u2026\u3002\uff1f\uff01\u0964\u061f")
"""What ends a sentence."""
PAUSES = (*ENDS, *",;:\u3001\uff0c\uff1b\uff1a\u060c\u061b\u2014\u2013")
"""What divides phrases."""
QUOTES = "\"'\u201d\u2019\u00bb)]\u300d\u300f"
"""What may stand after it."""


def text_of(pieces: Sequence[Piece]) -> str:
    """The pieces as one text."""
    return "".join(f" {piece.text}" if piece.spaced and place else piece.text for place, piece in enumerate(pieces))


def lines_needed(pieces: Sequence[Piece], length: int) -> int:
    """How many lines of `length` columns they take at least; a piece that is longer takes one for itself."""
    lines, used = 1, 0
    for place, piece in enumerate(pieces):
        width = columns(piece.text)
        grown = used + (piece.spaced and used > 0) + width
        if place and grown > length:
            lines, used = lines + 1, width
        else:
            used = grown
    return lines


def break_lines(pieces: Sequence[Piece], length: int) -> tuple[str, ...]:
    """As few lines as possible, of at most `length` columns, and as even as can be."""
    widths = [0, *accumulate(columns(piece.text) + piece.spaced for piece in pieces)]
    even = widths[-1] / lines_needed(pieces, length)

    def cost(first: int, after: int) -> float | None:
        width = widths[after] - widths[first] - pieces[first].spaced
        if width > length and after - first > 1:
            return None
        in_phrase = after < len(pieces) and not pieces[after - 1].text.rstrip(QUOTES).endswith(PAUSES)
        return float(_A_LINE + (width - even) ** 2 + _IN_A_PHRASE * in_phrase)

    return tuple(text_of(pieces[first:after]) for first, after in best_cuts(len(pieces), cost))
