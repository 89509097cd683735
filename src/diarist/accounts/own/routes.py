"""The account of whoever asks, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentCaller, CurrentRuntime
from diarist.accounts.own.schemas import Account, AccountChange, account_from_row
from diarist.accounts.own.service import BudgetTooWide, change_terms
from diarist.accounts.service import get_account
from diarist.domain.days import day_begin, zone_of
from diarist.errors import InvalidInput
from diarist.http.errors import MalformedRequest, PreconditionFailed
from diarist.http.openapi import problems
from diarist.http.preconditions import IfMatch
from diarist.http.resources import ResourceRoute

router = APIRouter(prefix="/v1/account", tags=["account"], route_class=ResourceRoute)


@router.get("", responses=problems())
async def get_own_account(runtime: CurrentRuntime, account_id: CurrentAccount) -> Account:
    """What holds for the account: its days, its hints, what becomes of originals, on which terms language models are asked."""
    async with runtime.database.read() as session:
        return account_from_row(await get_account(session, account_id), runtime.settings)


@router.patch("", responses=problems(MalformedRequest, InvalidInput, PreconditionFailed, BudgetTooWide))
async def change_own_account(change: AccountChange, runtime: CurrentRuntime, caller: CurrentCaller, seen: IfMatch) -> Account:
    """Change some of it. How much the account may have is not changed here: whoever runs the installation sets it."""
    settings = runtime.settings
    async with runtime.database.write() as session:
        row = await get_account(session, caller.account_id)
        await session.refresh(row, with_for_update=True)
        seen.require(account_from_row(row, settings))
        if change.has("time_zone"):
            row.time_zone = zone_of(change.time_zone).key
        if change.has("day_begins"):
            row.day_begins = day_begin(change.day_begins)
        if change.has("hints"):
            row.hints = (change.hints.checked() if change.hints else None) or None
        if change.has("archive_format"):
            row.archive_format = change.archive_format
        if change.has("archive_after_days"):
            row.archive_after_days = change.archive_after_days
        if change.has("language_models"):
            # Whoever sits at this machine runs the installation.
            change_terms(row, settings, change.language_models.applied, freely=caller.at_this_machine)
        return account_from_row(row, settings)
