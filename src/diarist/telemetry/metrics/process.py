"""What a process is and takes: its version, memory, CPU, files, garbage, and how late its event loops are."""

from __future__ import annotations

import asyncio
import platform
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

from prometheus_client import GCCollector, ProcessCollector

from diarist import __version__
from diarist.telemetry.metrics.catalogue import Catalogue, Gauges, Histograms

_LOOK_EVERY = 0.5
_LATE = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMetrics:
    """Besides the families of its own there are the usual `process_…` and `python_gc_…`."""

    loop_lag: Histograms
    checks: Gauges
    loops: dict[str, asyncio.AbstractEventLoop] = field(default_factory=dict)
    """Event loops that are watched, by what they are for."""

    @classmethod
    def open(cls, catalogue: Catalogue, role: str) -> Self:
        """Its families, in the catalogue."""
        built = catalogue.gauges("diarist_build_info", "Always 1; the labels tell what runs.", ("version", "python", "role"))
        built.put(1, __version__, platform.python_version(), role)
        ProcessCollector(registry=catalogue.registry)
        GCCollector(registry=catalogue.registry)
        return cls(
            loop_lag=catalogue.histograms(
                "diarist_event_loop_lag_seconds",
                "How late an event loop comes to what is due; looked at twice a second.",
                ("loop",),
                buckets=_LATE,
                unit="seconds",
            ),
            checks=catalogue.gauges(
                "diarist_check_passing",
                "1 where what the process needs works, 0 where it does not; looked at with each scrape, as /health/ready does.",
                ("check",),
            ),
        )

    @asynccontextmanager
    async def watching(self, loop: str) -> AsyncIterator[None]:
        """Watch the running event loop until the block ends."""
        watching = asyncio.create_task(self._watch(loop))
        self.loops[loop] = asyncio.get_running_loop()
        try:
            yield
        finally:
            self.loops.pop(loop, None)
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _watch(self, loop: str) -> None:
        while True:
            due = time.perf_counter() + _LOOK_EVERY
            await asyncio.sleep(_LOOK_EVERY)
            self.loop_lag.observe(max(0.0, time.perf_counter() - due), loop)
