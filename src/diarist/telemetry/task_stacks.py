"""Where the tasks of an event loop are: what each waits for, from the outside in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class TaskStack:
    """One task."""

    name: str
    coroutine: str
    """The function that it runs."""
    at: tuple[str, ...]
    """Places in the code as `file:line function`, the innermost last."""


def task_stacks(loop: asyncio.AbstractEventLoop) -> list[TaskStack]:
    """All of a loop that is not at its end; may be asked from another thread."""
    return [_stack(task) for task in asyncio.all_tasks(loop)]


def _stack(task: asyncio.Task[Any]) -> TaskStack:
    coroutine: Any = task.get_coro()
    return TaskStack(task.get_name(), getattr(coroutine, "__qualname__", type(coroutine).__name__), tuple(_places(coroutine)))


def _places(awaited: Any) -> Iterator[str]:
    """Follows what coroutines, generators and asynchronous generators wait for."""
    for _ in range(_DEEPEST):
        code, frame = _here(awaited)
        if code is not None and frame is not None:
            yield f"{frame.f_globals.get('__name__', '?')}:{frame.f_lineno} {code.co_qualname}"
        awaited = next(
            (found for name in ("cr_await", "gi_yieldfrom", "ag_await") if (found := getattr(awaited, name, None))), None
        )
        if awaited is None:
            return


def _here(awaited: Any) -> tuple[CodeType | None, FrameType | None]:
    for kind in ("cr", "gi", "ag"):
        if (frame := getattr(awaited, f"{kind}_frame", None)) is not None:
            return getattr(awaited, f"{kind}_code"), frame
    return None, None
