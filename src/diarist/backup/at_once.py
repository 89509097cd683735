"""The same work for many things, a few of them side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def each(things: Iterable[T], work: Callable[[T], Awaitable[None]], at_once: int) -> None:
    """Do the work for all of them, `at_once` at a time; raises the first error, and ends what goes on then."""
    waiting = iter(things)

    async def work_off() -> None:
        for one in waiting:
            await work(one)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work_off())
    except BaseExceptionGroup as error:
        raise error.exceptions[0] from None
