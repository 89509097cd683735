"""Costs over HTTP, of the account that asks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.costs import service
from diarist.costs.schemas import Costs, MonthOfCosts, WhatIf, costs_to_wire, month_to_wire, what_if_to_wire
from diarist.costs.what_if import what_if
from diarist.errors import InvalidInput, NotFound
from diarist.http.openapi import problems
from diarist.http.resources import TaggedRoute

router = APIRouter(prefix="/v1/costs", tags=["costs"], route_class=TaggedRoute)

MonthQuery = Annotated[
    str | None, Query(pattern=r"^\d{4}-\d{2}$", description="Such as `2026-11`; left out, the present month of UTC.")
]
Model = Annotated[str, Query(min_length=3, max_length=200, description="`provider/model`, such as `openai/gpt-5-mini`.")]
InsteadOf = Annotated[
    str | None, Query(min_length=3, max_length=200, description="`provider/model` that was asked; left out, all that were.")
]


@router.get("", responses=problems(InvalidInput))
async def get_costs(runtime: CurrentRuntime, account_id: CurrentAccount, month: MonthQuery = None) -> MonthOfCosts:
    """What a month has cost so far, by day, stage and language model; how it will end, and whether today is like other days."""
    return month_to_wire(await service.costs_of_month(runtime, account_id, service.month_named(month)))


@router.get("/what-if", responses=problems(InvalidInput))
async def get_costs_with_another_model(
    runtime: CurrentRuntime, account_id: CurrentAccount, model: Model, month: MonthQuery = None, instead_of: InsteadOf = None
) -> WhatIf:
    """What the questions of a month would have cost with another language model."""
    found = await what_if(runtime, account_id, service.month_named(month), model, instead_of)
    return what_if_to_wire(found, runtime.settings.costs)


@router.get("/recordings/{recording_id}", responses=problems(NotFound))
async def get_costs_of_recording(recording_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Costs:
    """What one recording has cost since it came; what is asked of language models for days and months is in none."""
    return costs_to_wire(await service.costs_of_recording(runtime, account_id, recording_id))
