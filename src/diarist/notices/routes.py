"""Notices over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.http.openapi import problems
from diarist.notices.schemas import Notice, notice_to_wire
from diarist.notices.service import notices

router = APIRouter(prefix="/v1/notices", tags=["notices"])


@router.get("", responses=problems())
async def list_notices(runtime: CurrentRuntime, account_id: CurrentAccount) -> list[Notice]:
    """What the owner should know now: models that do not answer and who is asked instead, budgets that run out, paused webhooks.

    Empty when all is well. Nothing is kept: it is worked out of the last hour.
    """
    return [notice_to_wire(found) for found in await notices(runtime, account_id)]
