"""Voiced time that an engine left without words is heard once more, by itself: Whisper drops sentences where two windows meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from diarist.domain.transcript import Segment

HOLE_SECONDS = 1.8
"""Shortest stretch that is heard again: longer than the pauses and their padding that the joined sound still holds."""
_MARGIN = 0.2
"""Seconds of what is round a hole that are heard with it, so that no sound of its first and last word is missing."""

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
    for segment in hear(max(0.0, start - _MARGIN), end + _MARGIN):
        words = [word for word in segment.words if start <= (word.start + word.end) / 2 <= end]
        # The neighbours' words may sound on into the hole, whole or in part.
        if words and before.endswith(_bare(words[0].text)):
            del words[0]
        if words and after.startswith(_bare(words[-1].text)):
            del words[-1]
        if words:
            text = "".join(word.text for word in words).strip()
            yield replace(segment, start=max(start, words[0].start), end=min(end, words[-1].end), text=text, words=tuple(words))


def _bare(word: str) -> str:
    """A word without what is only written."""
    return "".join(character for character in word if character.isalnum()).casefold()
