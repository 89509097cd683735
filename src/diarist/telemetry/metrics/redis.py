"""How long Redis takes for what it is asked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Self

from diarist.telemetry.metrics.catalogue import QUICK, Catalogue, Counters, Histograms, timed


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisMetrics:
    """By command; what waits for bells and events, and what is sent in pipelines, is not here."""

    seconds: Histograms
    errors: Counters

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            seconds=catalogue.histograms(
                "diarist_redis_command_duration_seconds",
                "Time of one command, by its name; those that wait for something to happen are left out.",
                ("command",),
                most=60,
                buckets=(0.0001, 0.00025, 0.0005, *QUICK),
                unit="seconds",
            ),
            errors=catalogue.counters("diarist_redis_errors_total", "Commands to Redis that failed.", ("command",)),
        )

    def command(self, name: str) -> AbstractContextManager[None]:
        """Round one."""
        return timed(self.seconds, self.errors, name)
