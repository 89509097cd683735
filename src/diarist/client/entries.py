"""What can be done with entries."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from diarist.client.paging import PAGE, all_of, page_of
from diarist.client.routes import COMPOSE_AGAIN, EDIT_ENTRY, GET_ENTRY, GET_LATEST_ENTRY, LIST_ENTRIES, ask
from diarist.client.schemas.entries import Begun, Entry
from diarist.client.schemas.pages import Page
from diarist.client.steps import Flow, Items


def get(entry_id: UUID | str) -> Flow[Entry]:
    """One entry, also when a newer version of it exists; raises `NotFound`."""
    return ask(GET_ENTRY, entry_id=entry_id)


def latest(recording_id: UUID | str) -> Flow[Entry]:
    """The newest entry of a recording; raises `NotFound` while there is none."""
    return ask(GET_LATEST_ENTRY, recording_id=recording_id)


def list_all(*, page_size: int = PAGE) -> Items:
    """The newest entry of each recording, the newest first."""
    return all_of(LIST_ENTRIES, page_size)


def page(cursor: str | None = None, *, limit: int = PAGE) -> Flow[Page[Entry]]:
    """One page of them."""
    return page_of(LIST_ENTRIES, cursor, limit)


def edit(entry_id: UUID | str, texts: Mapping[int, str]) -> Flow[Entry]:
    """Other words for sentences, by their places from 0: a new version. Raises `Conflict` if this is not the newest one."""
    sentences = [{"position": position, "text": text} for position, text in texts.items()]
    return ask(EDIT_ENTRY, json={"sentences": sentences}, entry_id=entry_id)


def compose(recording_id: UUID | str, *, template: str | None = None, model: str | None = None) -> Flow[Begun]:
    """Have the entry written anew, as a new version; sentences that were edited stay."""
    return ask(COMPOSE_AGAIN, json={"template": template, "model": model}, recording_id=recording_id)
