"""Segments as JSON values: one spelling for the pipe, the database and the files we write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from diarist.domain.transcript import Segment, Word

_WORD = tuple(field.name for field in fields(Word))
_SEGMENT = tuple(field.name for field in fields(Segment))
_of_word, _of_segment = attrgetter(*_WORD), attrgetter(*_SEGMENT)


def segment_to_json(segment: Segment) -> dict[str, Any]:
    """Every field by its own name; `words` is a list of objects."""
    # `asdict` copies deeply: thirty times as long, and an hour of speech has ten thousand words.
    found = dict(zip(_SEGMENT, _of_segment(segment), strict=True))
    found["words"] = [dict(zip(_WORD, _of_word(word), strict=True)) for word in segment.words]
    return found


def segment_from_json(value: Mapping[str, Any]) -> Segment:
    """The inverse of `segment_to_json`; fields that are not there take their defaults."""
    return Segment(**{**value, "words": tuple(Word(**word) for word in value.get("words", ()))})
