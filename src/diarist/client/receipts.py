"""What can be done with receipts."""

from __future__ import annotations

from uuid import UUID

from diarist.client.paging import PAGE, all_of, page_of
from diarist.client.routes import GET_RECEIPT, LIST_RECEIPTS, ask
from diarist.client.schemas.pages import Page
from diarist.client.schemas.receipts import Receipt
from diarist.client.steps import Flow, Items


def get(receipt_id: UUID | str) -> Flow[Receipt]:
    """One receipt; raises `NotFound`."""
    return ask(GET_RECEIPT, receipt_id=receipt_id)


def list_all(*, page_size: int = PAGE) -> Items:
    """All receipts, the newest first."""
    return all_of(LIST_RECEIPTS, page_size)


def page(cursor: str | None = None, *, limit: int = PAGE) -> Flow[Page[Receipt]]:
    """One page of them."""
    return page_of(LIST_RECEIPTS, cursor, limit)
