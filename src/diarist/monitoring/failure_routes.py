"""Errors over HTTP: those that an account has met, for whoever manages it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.database.ordering import Place
from diarist.errors import NotFound
from diarist.failures import repository
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.resources import TaggedRoute
from diarist.http.sorting import next_cursor, places
from diarist.monitoring.failure_schemas import AccountError, failure_from_row

router = APIRouter(prefix="/v1/errors", tags=["errors"], route_class=TaggedRoute)

ByMoment = Annotated[Place, Depends(places(repository.LAST_SEEN))]
Resolved = Annotated[bool | None, Query(description="Only those that are mended, or only those that are not.")]


@router.get("", responses=problems())
async def list_errors(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByMoment, resolved: Resolved = None, limit: Limit = DEFAULT_LIMIT
) -> Page[AccountError]:
    """Server errors and failed work of this account, those that are alike as one; the one that appeared last is first."""
    async with runtime.database.read() as session:
        found = await repository.list_failures(session, account_id, limit + 1, place, resolved=resolved)
    rows, more = cut(found, limit)
    last = rows[-1] if more else None
    return Page(
        items=[failure_from_row(row) for row in rows],
        next_cursor=next_cursor(place, last.id, last.last_seen) if last else None,
    )


@router.get("/{error_id}", responses=problems(NotFound))
async def get_error(error_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> AccountError:
    """One of them."""
    async with runtime.database.read() as session:
        return failure_from_row(await repository.get_failure(session, account_id, error_id))
