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
    # Nobody: who comes to sign in has no writes of an account to see, and is known by the primary.
    caller: Caller | None = getattr(request.state, "caller", None)
    if freshness is None or caller is None or request.method not in {"GET", "HEAD"}:
        return runtime
    return replace(runtime, database=await freshness.reading(caller.account_id))


async def current_account(connection: HTTPConnection) -> UUID:
    """The account that asks, by request or by WebSocket: that of the key, of who has signed in, or the local one."""
    return (await current_caller(connection)).account_id


async def current_caller(connection: HTTPConnection) -> Caller:
    """Who asks, and what they may do."""
    caller: Caller = connection.state.caller
    return caller


CurrentRuntime = Annotated[Runtime, Depends(current_runtime)]
CurrentAccount = Annotated[UUID, Depends(current_account)]
CurrentCaller = Annotated[Caller, Depends(current_caller)]
