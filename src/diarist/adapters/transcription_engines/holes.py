"""Voiced time that an engine left without words is heard once more, by itself: Whisper drops sentences without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from diarist.domain.transcript import Segment, Word

HOLE_SECONDS = 1.8
"""Shortest stretch that is heard again: longer than the pauses of up to a second that the joined sound still holds."""
_MARGIN = 0.2
"""Seconds of what is round a hole that are heard with it, so that no sound of its first and last word is missing."""

_SHORTEST_PIECE = 3
"""Letters; "no" begins "nothing", and is a word that must not get lost."""

Hear = Callable[[float, float], Iterable[Segment]]
"""Hears from one second of the joined sound to another; times come back as seconds of the joined sound."""


def with_holes_heard(segments: Iterable[Segment], duration: float, hear: Hear) -> Iterator[Segment]:
    """The segments in order, and between them what `hear` finds in the holes; in seconds of a sound that is all voice."""
    heard_until, before = 0.0, ""
    for segment in segments:
        said = segment.text.split() or [""]
        yield from _hole(heard_until, segment.start, hear, before, _bare(said[0]))
        yield segment
        heard_until, before = max(heard_until, segment.end), _bare(said[-1])
    yield from _hole(heard_until, duration, hear, before, "")


def _hole(start: float, end: float, hear: Hear, before: str, after: str) -> Iterator[Segment]:
    if end - start < HOLE_SECONDS:
        return
    found = []
    for segment in hear(max(0.0, start - _MARGIN), end + _MARGIN):
        words = [word for word in segment.words if start <= (word.start + word.end) / 2 <= end]
        if words:
            found.append((segment, words))
    # The neighbours' words may sound on into the hole, whole or in part.
    if found and found[0][1][0].start <= start + _MARGIN and _sounds_on(before, found[0][1][0], str.endswith):
        del found[0][1][0]
    if found and found[-1][1] and found[-1][1][-1].end >= end - _MARGIN and _sounds_on(after, found[-1][1][-1], str.startswith):
        del found[-1][1][-1]
    for segment, words in found:
        if words:
            text = "".join(word.text for word in words).strip()
            yield replace(segment, start=max(start, words[0].start), end=min(end, words[-1].end), text=text, words=tuple(words))


def _sounds_on(neighbour: str, word: Word, touches: Callable[[str, str], bool]) -> bool:
    """Whether a word at the border is its neighbour once more, or a piece of it that is long enough to be no word by chance."""
    heard = _bare(word.text)
    return heard == neighbour or (len(heard) >= _SHORTEST_PIECE and touches(neighbour, heard))


def _bare(word: str) -> str:
    """A word without what is only written."""
    return "".join(character for character in word if character.isalnum()).casefold()
