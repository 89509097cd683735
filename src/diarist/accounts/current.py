"""Who asks, and with what: the dependencies of every route."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from diarist.runtime import Runtime


async def current_runtime(request: Request) -> Runtime:
    """What the service opened for its event loop."""
    runtime: Runtime = request.state.runtime
    return runtime


async def current_account(request: Request) -> UUID:
    """The account that asks; embedded, there is one."""
    account_id: UUID = request.state.account_id
    return account_id


CurrentRuntime = Annotated[Runtime, Depends(current_runtime)]
CurrentAccount = Annotated[UUID, Depends(current_account)]
