"""A profile of this process and of its children, each as it sees itself."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from diarist.errors import Conflict
from diarist.telemetry.metrics.children import Asked, ChildMetrics
from diarist.telemetry.sampling import Stacks, sample

_PATIENCE = 2.0
"""Seconds that a child may take to write down what it has seen."""
_LOOK_EVERY = 0.05


class ProfileRunning(Conflict):
    """This process is being profiled already."""

    code = "profile_running"
    advice = "Wait until that is over; one profile at a time keeps what it costs small."


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeProfile:
    """What was seen."""

    pid: int
    seconds: float
    waiting: bool
    """Whether time counts in which nothing was done."""
    stacks: dict[str, float]
    """Seconds by stack, whose first part is the process."""
    silent: list[str] = field(default_factory=list)
    """Children that did not answer: native code kept them from it, or they have ended."""


class Profiler:
    """Of one process; to be used from one event loop."""

    def __init__(self, children: ChildMetrics) -> None:
        self._children = children
        self._turn = asyncio.Lock()

    async def profile(self, seconds: float, *, waiting: bool) -> WholeProfile:
        """Look for so long; raises `ProfileRunning`."""
        if self._turn.locked():
            raise ProfileRunning
        async with self._turn:
            with TemporaryDirectory(prefix="diarist-profile-") as folder:
                asked = self._children.ask_for_profiles(seconds, Path(folder), waiting=waiting)
                own = await asyncio.to_thread(sample, seconds, waiting=waiting)
                return await self._gathered(seconds, own, asked, waiting=waiting)

    async def _gathered(self, seconds: float, own: Stacks, asked: Sequence[Asked], *, waiting: bool) -> WholeProfile:
        stacks = {f"process {os.getpid()};{stack}": spent for stack, spent in own.items()}
        profile = WholeProfile(pid=os.getpid(), seconds=seconds, waiting=waiting, stacks=stacks)
        try:
            async with asyncio.timeout(_PATIENCE):
                while not all(one.path.exists() for one in asked):  # noqa: ASYNC110 - other processes write them
                    await asyncio.sleep(_LOOK_EVERY)
        except TimeoutError:
            profile.silent.extend(one.name for one in asked if not one.path.exists())
        for one in asked:
            if one.path.exists():
                told = json.loads(one.path.read_text(encoding="utf-8"))
                stacks.update({f"{one.name};{stack}": spent for stack, spent in told.items()})
        return profile
