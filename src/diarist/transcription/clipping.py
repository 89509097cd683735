"""The part of what was heard that lies within a span of time; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from diarist.domain.audio import Span
from diarist.domain.bare_text import bare_words
from diarist.domain.transcript import Segment, Word

_BORDER = 0.2
"""Seconds by which two hearings may time the same word differently."""

Timed = TypeVar("Timed", Segment, Word)


def heard_within(found: Iterable[Segment], span: Span, before: Sequence[str], after: Sequence[str]) -> tuple[Segment, ...]:
    """What was found in the span, without a word at its border that only echoes its neighbour.

    `before`, `after`: the words, as `bare_words`, of the segments on both sides.
    """
    parts = [part for one in found if (part := clipped(one, span))]
    if parts and before and parts[0].start < span.start + _BORDER and bare_words(_first(parts[0])) == tuple(before[-1:]):
        parts[:1] = _rest(parts[0], slice(1, None))
    if parts and after and parts[-1].end > span.end - _BORDER and bare_words(_last(parts[-1])) == tuple(after[:1]):
        parts[-1:] = _rest(parts[-1], slice(None, -1))
    return tuple(parts)


def clipped(segment: Segment, span: Span) -> Segment | None:
    """The words whose middle lies in the span, with the text as it was written round them; None when there are none.

    A segment without words is kept whole or not at all, by its own middle.
    """
    if not segment.words:
        return _moved_in(segment, span) if _inside(segment, span) else None
    kept = [place for place, word in enumerate(segment.words) if _inside(word, span)]
    if not kept:
        return None
    words = tuple(_moved_in(segment.words[place], span) for place in kept)
    text = segment.text if len(kept) == len(segment.words) else _written(segment, kept[0], kept[-1])
    return replace(segment, start=words[0].start, end=words[-1].end, text=text, words=words)


def _first(segment: Segment) -> str:
    return segment.words[0].text if segment.words else segment.text


def _last(segment: Segment) -> str:
    return segment.words[-1].text if segment.words else segment.text


def _rest(segment: Segment, kept: slice) -> list[Segment]:
    words = segment.words[kept]
    if not words:
        return []
    first = len(segment.words[: kept.start or 0])
    text = _written(segment, first, first + len(words) - 1)
    return [replace(segment, start=words[0].start, end=words[-1].end, text=text, words=words)]


def _inside(timed: Segment | Word, span: Span) -> bool:
    return span.start <= (timed.start + timed.end) / 2 <= span.end


def _moved_in(timed: Timed, span: Span) -> Timed:
    return replace(timed, start=max(span.start, timed.start), end=min(span.end, timed.end))


def _written(segment: Segment, first: int, last: int) -> str:
    """The text from one word to another; only the text itself tells whether spaces stand between words."""
    places = _places(segment.text, segment.words)
    if places is None:
        return " ".join(word.text for word in segment.words[first : last + 1])
    return segment.text[places[first] : places[last] + len(segment.words[last].text)]


def _places(text: str, words: Sequence[Word]) -> list[int] | None:
    """Where each word stands in the text; None when one does not."""
    places: list[int] = []
    at = 0
    for word in words:
        place = text.find(word.text, at)
        if place < 0:
            return None
        places.append(place)
        at = place + len(word.text)
    return places
