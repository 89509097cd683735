"""`/debug` of a private port: what the process is doing, for those who run it and show it by a key.

It is there only where DIARIST_HTTP__DEBUG says so. What is told are names of functions and lines of code, never values.
"""

from __future__ import annotations

import tracemalloc
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from diarist.domain.access import Permission
from diarist.errors import Unauthenticated
from diarist.http.authentication import Door, credentials_of
from diarist.http.errors import MissingPermission
from diarist.telemetry.sampling import LONGEST
from diarist.telemetry.task_stacks import task_stacks
from diarist.telemetry.whole_profile import Profiler

_TOP = 50
"""Places of which `/debug/memory` tells."""


async def managed(request: Request) -> None:
    """Let nobody by but who manages an account; raises `Unauthenticated` or `MissingPermission`."""
    door: Door = request.state.door
    caller = await door.caller(credentials_of(request.headers, request.method))
    if caller is None:
        raise Unauthenticated
    if Permission.MANAGE not in caller.permissions:
        raise MissingPermission(Permission.MANAGE)


router = APIRouter(prefix="/debug", tags=["debug"], dependencies=[Depends(managed)])

Seconds = Annotated[float, Query(ge=0.1, le=LONGEST)]


@router.get("/profile")
async def profile(request: Request, seconds: Seconds = 10.0, *, waiting: bool = False) -> dict[str, Any]:
    """Where the process and its children spend processor time, or with `waiting` all time; takes as long as it says."""
    profiler: Profiler = request.state.profiler
    return asdict(await profiler.profile(seconds, waiting=waiting))


@router.get("/tasks")
async def tasks(request: Request) -> dict[str, Any]:
    """What each task of each event loop waits for."""
    loops = request.state.metrics.process.loops
    return {"loops": {name: [asdict(task) for task in task_stacks(loop)] for name, loop in list(loops.items())}}


@router.get("/memory")
async def memory() -> dict[str, Any]:
    """Which lines hold most memory, if the process was started with PYTHONTRACEMALLOC=1, which makes it slower."""
    if not tracemalloc.is_tracing():
        return {"tracing": False, "top": []}
    snapshot = await run_in_threadpool(tracemalloc.take_snapshot)
    top = (await run_in_threadpool(snapshot.statistics, "lineno"))[:_TOP]
    held = [
        {"file": one.traceback[0].filename, "line": one.traceback[0].lineno, "bytes": one.size, "blocks": one.count}
        for one in top
    ]
    return {"tracing": True, "top": held}
