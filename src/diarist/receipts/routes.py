"""Receipts over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import NotFound
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.resources import TaggedRoute
from diarist.http.sorting import ByCreation, next_cursor
from diarist.llm import receipts
from diarist.receipts.schemas import Receipt, receipt_from_row

router = APIRouter(prefix="/v1/receipts", tags=["receipts"], route_class=TaggedRoute)


@router.get("", responses=problems())
async def list_receipts(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByCreation, limit: Limit = DEFAULT_LIMIT
) -> Page[Receipt]:
    """What language models were asked, what left for it, and what it cost."""
    async with runtime.database.read() as session:
        rows, more = cut(await receipts.list_receipts(session, account_id, limit + 1, place), limit)
    return Page(items=[receipt_from_row(row) for row in rows], next_cursor=next_cursor(place, rows[-1].id) if more else None)


@router.get("/{receipt_id}", responses=problems(NotFound))
async def get_receipt(receipt_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Receipt:
    """One of them."""
    async with runtime.database.read() as session:
        return receipt_from_row(await receipts.get_receipt(session, account_id, receipt_id))
