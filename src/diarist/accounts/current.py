"""Who asks, and with what: the dependencies of every route."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from diarist.http.freshness import Freshness
from diarist.runtime import Runtime


async def current_runtime(request: Request) -> Runtime:
    """What the service opened for its event loop; reads go to a replica where there is one and it is fresh enough."""
    runtime: Runtime = request.state.runtime
    freshness: Freshness | None = getattr(request.state, "freshness", None)
    if freshness is None or request.method not in {"GET", "HEAD"}:
        return runtime
    return replace(runtime, database=await freshness.reading(request.state.account_id))


async def current_account(request: Request) -> UUID:
    """The account that asks; embedded, there is one."""
    account_id: UUID = request.state.account_id
    return account_id


CurrentRuntime = Annotated[Runtime, Depends(current_runtime)]
CurrentAccount = Annotated[UUID, Depends(current_account)]
