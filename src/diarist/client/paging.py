"""Lists over their pages: whoever iterates asks for the next page only when the one before is used up."""

from __future__ import annotations

from typing import TypeVar

from diarist.client.routes import Route, ask
from diarist.client.schemas.pages import Page
from diarist.client.steps import Flow, Give, Items

T = TypeVar("T")

PAGE = 50
"""Items that are asked for at once."""


def page_of(route: Route[Page[T]], cursor: str | None, limit: int) -> Flow[Page[T]]:
    """One page."""
    return (yield from ask(route, query={"cursor": cursor, "limit": limit}))


def all_of(route: Route[Page[T]], limit: int) -> Items:
    """The items of all pages."""
    cursor = None
    while True:
        page = yield from page_of(route, cursor, limit)
        for item in page.items:
            yield Give(item)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor
