"""Who asks, and with what: the dependencies of every route."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from diarist.domain.access import Caller
from diarist.http.freshness import Freshness
from diarist.runtime import Runtime


async def current_runtime(request: Request) -> Runtime:
    """What the service opened for its event loop; reads go to a replica where there is one and it is fresh enough."""
    runtime: Runtime = request.state.runtime
    freshness: Freshness | None = getattr(request.state, "freshness", None)
    if freshness is None or request.method not in {"GET", "HEAD"}:
        return runtime
    return replace(runtime, database=await freshness.reading(request.state.account_id))


async def current_account(connection: HTTPConnection) -> UUID:
    """The account that asks, by request or by WebSocket: that of the key, of who has signed in, or the local one."""
    account_id: UUID = connection.state.account_id
    return account_id


async def current_caller(connection: HTTPConnection) -> Caller:
    """Who asks, and what they may do."""
    caller: Caller = connection.state.caller
    return caller


CurrentRuntime = Annotated[Runtime, Depends(current_runtime)]
CurrentAccount = Annotated[UUID, Depends(current_account)]
CurrentCaller = Annotated[Caller, Depends(current_caller)]
