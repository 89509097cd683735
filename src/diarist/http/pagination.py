"""Pages of a list: newest first, continued by an opaque cursor."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

Item = TypeVar("Item", bound=BaseModel)
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=200, description="How many items a page may have.")]
CURSOR_PATTERN = "^[A-Za-z0-9_-]{21}[AQgw]$"
"""16 bytes in base64 without padding; the last character carries 2 bits."""
Cursor = Annotated[
    str | None,
    Query(pattern=CURSOR_PATTERN, description="`next_cursor` of the page before; left out for the first page."),
]
DEFAULT_LIMIT = 50


class Page(BaseModel, Generic[Item]):
    """Some items of a list, newest first."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[Item]
    next_cursor: str | None
    """Give it as `cursor` to get the next page; null on the last one."""


def encode_cursor(last: UUID) -> str:
    """Where a page ends, as 22 characters."""
    return urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: str | None) -> UUID | None:
    """Where the page before ended; the pattern of `Cursor` has been checked."""
    return UUID(bytes=urlsafe_b64decode(f"{cursor}==")) if cursor else None


def cut(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The rows of this page, and whether there are more; for rows of which one more than the limit was asked."""
    return rows[:limit], len(rows) > limit
