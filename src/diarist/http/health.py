"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from diarist.errors import DiaristError
from diarist.http.errors import NotReady
from diarist.http.openapi import problems

Check = Callable[[], Awaitable[None]]
"""Returns when a thing that is needed works; raises a `DiaristError` that says why not."""
TIMEOUT = 5.0
"""Seconds that one check may take."""

router = APIRouter(prefix="/health", tags=["health"])


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """All that is needed works."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    status: Literal["ready"] = "ready"
    checks: list[str]
    """What was looked at."""
    degraded: list[str] = []
    """What does not work and is not needed for answering requests, each with the reason."""


@router.get("/live", responses=problems())
async def live() -> Live:
    """Whether the process answers."""
    return Live()


@router.get("/ready", responses=problems(NotReady))
async def ready(request: Request) -> Ready:
    """Whether all that is needed works; if not, the problem says what does not, and why."""
    wrong = await _failing(request.state.readiness)
    if wrong:
        raise NotReady("; ".join(wrong))
    degraded = await _failing(getattr(request.state, "beneficial", {}))
    return Ready(checks=list(request.state.readiness), degraded=degraded)


async def passing(checks: Mapping[str, Check]) -> Mapping[str, bool]:
    """What works, by name."""
    return {name: reason is None for name, reason in (await _outcomes(checks)).items()}


async def _failing(checks: Mapping[str, Check]) -> list[str]:
    return [f"{name}: {reason}" for name, reason in (await _outcomes(checks)).items() if reason]


async def _outcomes(checks: Mapping[str, Check]) -> Mapping[str, str | None]:
    """Why each does not work, None where it does; all are looked at side by side."""
    return dict(zip(checks, await asyncio.gather(*(_outcome(check) for check in checks.values())), strict=True))


async def _outcome(check: Check) -> str | None:
    try:
        async with asyncio.timeout(TIMEOUT):
            await check()
    except DiaristError as error:
        return error.message
    except TimeoutError:
        return f"no answer within {TIMEOUT:.0f} seconds"
    return None
