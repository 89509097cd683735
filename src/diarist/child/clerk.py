"""A child that answers single questions: started by the first, ended when nobody asks for a while or when it has grown."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from diarist.child.process import ChildProcess
from diarist.child.upkeep import Upkeep
from diarist.child.wire import Message
from diarist.errors import ChildDied
from diarist.telemetry.metrics.children import ChildWatch


class Clerk:
    """One child, one question at a time; belongs to one event loop."""

    def __init__(
        self, target: str, *, name: str, idle_seconds: float, memory_limit: int, watch: ChildWatch | None = None
    ) -> None:
        """`target`: see `ChildProcess`. `memory_limit`: bytes, see `Upkeep`. `name`: for errors and logs.

        `watch`: see `ChildProcess`.
        """
        self._name = name
        self._child = ChildProcess(target, {}, name=name, watch=watch)
        self._upkeep = Upkeep(self._child, name=name, idle_seconds=idle_seconds, memory_limit=memory_limit)

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._child.pid

    async def ask(self, method: str, params: Mapping[str, Any], payload: bytes = b"", *, patience: float = 120.0) -> Message:
        """The only message of the answer; raises what the child raised, `EngineFailed`, `ChildDied`.

        It is killed when the caller is cancelled, or when it says nothing for `patience` seconds.
        """
        answer: Message | None = None
        async with self._upkeep.in_use(), aclosing(self._child.call(method, params, payload, patience=patience)) as messages:
            async for message in messages:
                answer = message
        if answer is None:
            raise ChildDied(f"{self._name} ended without an answer")
        return answer

    async def close(self) -> None:
        """End the child."""
        await self._child.close()
        await self._upkeep.close()
