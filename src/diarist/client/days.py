"""What can be done with days."""

from __future__ import annotations

from datetime import date

from diarist.client.files import file_of
from diarist.client.paging import PAGE, all_of, page_of
from diarist.client.routes import EXPORT_DAY, GET_DAY, LIST_DAYS, ask
from diarist.client.schemas.days import Day, DaySummary
from diarist.client.schemas.pages import Page
from diarist.client.schemas.transcripts import File
from diarist.client.steps import Flow, Items


def get(day: date | str) -> Flow[Day]:
    """All entries of a day (`2026-11-03`) in order, and what they hold, gathered; empty where nothing was recorded."""
    return ask(GET_DAY, query={"format": "json"}, day=day)


def export(day: date | str, form: str) -> Flow[File]:
    """A day as a document: `md`, `docx` or `pdf`."""
    return file_of(EXPORT_DAY, query={"format": form}, day=day)


def list_all(*, page_size: int = PAGE) -> Items:
    """The days on which something was recorded, the newest first."""
    return all_of(LIST_DAYS, page_size)


def page(cursor: str | None = None, *, limit: int = PAGE) -> Flow[Page[DaySummary]]:
    """One page of them."""
    return page_of(LIST_DAYS, cursor, limit)
