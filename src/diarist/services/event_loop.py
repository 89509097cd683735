"""The event loop of the roles: uvloop's where there is one, which spends half as much on each wait as asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from typing import Any, TypeVar

T = TypeVar("T")


def has_uvloop() -> bool:
    """Whether it is installed; there is none for Windows."""
    return find_spec("uvloop") is not None


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` on the loop of a role."""
    with asyncio.Runner(loop_factory=_factory()) as runner:
        return runner.run(coroutine)


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if not has_uvloop():
        return None
    import uvloop

    return uvloop.new_event_loop
