"""Cuts a segment into the smallest pieces that may stand on a line of their own, each with its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diarist.domain.transcript import Segment
from diarist.transcription.formats.wording import is_closing, may_part, plain


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or several that are written without a place to break them."""

    start: float
    """Seconds."""
    end: float
    """Seconds."""
    text: str
    spaced: bool
    """Whether a space divides it from the piece before it."""


def pieces_of(segment: Segment) -> list[Piece]:
    """The segment's whole text in pieces; they are spaced as its text is, whatever its words look like.

    Where the words do not spell the text, or there are none, times are shared out evenly over its characters.
    """
    text = plain(segment.text)
    pieces: list[Piece] = []
    for piece in _words(segment, text) or _guessed(segment, text):
        before = pieces[-1] if pieces else None
        if before and (is_closing(piece.text) if piece.spaced else not may_part(before.text, piece.text)):
            between = " " if piece.spaced else ""
            pieces[-1] = Piece(before.start, piece.end, f"{before.text}{between}{piece.text}", before.spaced)
        else:
            pieces.append(piece)
    return pieces


def _words(segment: Segment, text: str) -> list[Piece]:
    """The engine's words where they stand in the text; none when they are not all of it, in order."""
    found: list[Piece] = []
    place = 0
    for word in segment.words:
        spelled = plain(word.text)
        spaced = text.startswith(" ", place)
        place += spaced
        if not text.startswith(spelled, place):
            return []
        if spelled:
            found.append(Piece(word.start, word.end, spelled, spaced))
        place += len(spelled)
    return found if place == len(text) else []


def _guessed(segment: Segment, text: str) -> list[Piece]:
    rate = (segment.end - segment.start) / max(1, len(text))
    return [
        Piece(segment.start + at * rate, segment.start + (at + len(part)) * rate, part, spaced)
        for at, part, spaced in _parts(text)
    ]


def _parts(text: str) -> Iterator[tuple[int, str, bool]]:
    """What spaces or the script divide: where it stands, its text, and whether a space stands before it."""
    at = 0
    for token in text.split():
        first = at
        for place in range(at + 1, at + len(token) + 1):
            if place == at + len(token) or _wide_border(text, place):
                yield first, text[first:place], first == at > 0
                first = place
        at += len(token) + 1


def _wide_border(text: str, place: int) -> bool:
    """Between characters of which each is nearly a word; the words of Thai or Khmer cannot be told apart without a dictionary."""
    return text[place - 1] >= "\u2e80" and text[place] >= "\u2e80" and may_part(text[place - 1], text[place])
