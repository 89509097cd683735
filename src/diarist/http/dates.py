"""Dates in queries and paths."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(given: str) -> date:
    """`YYYY-MM-DD` and nothing else: pydantic also takes numbers for dates, as seconds."""
    if not _WRITTEN.fullmatch(given):
        raise ValueError("a date is written as YYYY-MM-DD")
    return date.fromisoformat(given)


IsoDate = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day of the calendar."""
