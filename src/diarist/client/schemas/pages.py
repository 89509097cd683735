"""Pages of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """Some items of a list, newest first."""

    items: tuple[T, ...]
    next_cursor: str | None
    """Give it as `cursor` to get the next page; None on the last one."""
