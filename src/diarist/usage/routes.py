"""Usage over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import InvalidInput
from diarist.http.dates import IsoDate
from diarist.http.openapi import problems
from diarist.http.resources import TaggedRoute
from diarist.usage import service
from diarist.usage.schemas import Usage, UsageDay, day_to_wire, usage_to_wire

router = APIRouter(prefix="/v1/usage", tags=["usage"], route_class=TaggedRoute)


@router.get("", responses=problems())
async def get_usage(runtime: CurrentRuntime, account_id: CurrentAccount) -> Usage:
    """What the account has used in this month so far, of what it may: hours of audio, bytes, jobs, language models."""
    return usage_to_wire(await service.standing(runtime, account_id))


@router.get("/days", responses=problems(InvalidInput))
async def list_days_of_use(
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    since: Annotated[IsoDate | None, Query(description="The first day; left out, the first of the last one's month.")] = None,
    until: Annotated[IsoDate | None, Query(description="The last day; left out, today.")] = None,
) -> list[UsageDay]:
    """The same day by day, in order, with days on which nothing happened; days are those of UTC, 366 at most."""
    return [day_to_wire(day) for day in await service.use_by_days(runtime, account_id, since, until)]
