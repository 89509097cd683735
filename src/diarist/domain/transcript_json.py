"""Segments as JSON values: one spelling for the pipe, the database and the files we write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from diarist.domain.transcript import Segment, Word


def segment_to_json(segment: Segment) -> dict[str, Any]:
    """Every field by its own name; `words` is a list of objects."""
    return {**asdict(segment), "words": [asdict(word) for word in segment.words]}


def segment_from_json(value: Mapping[str, Any]) -> Segment:
    """The inverse of `segment_to_json`; fields that are not there take their defaults."""
    return Segment(**{**value, "words": tuple(Word(**word) for word in value.get("words", ()))})
