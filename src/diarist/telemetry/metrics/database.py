"""How long statements take, and how many connections there are to the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from weakref import WeakSet

from diarist.telemetry.metrics.catalogue import QUICK, Catalogue, Counters, Gauges, Histograms


class PoolFigures:
    """How to look at one pool of connections."""

    def __init__(self, server: str, look: Callable[[], tuple[int, int, int]]) -> None:
        """`server`: `primary` or `replica`. `look`: connections in use, idle, and how many there may be."""
        self.server = server
        self.look = look


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseMetrics:
    """Of all pools of a process together."""

    seconds: Histograms
    errors: Counters
    in_use: Gauges
    idle: Gauges
    most: Gauges
    pools: WeakSet[PoolFigures] = field(default_factory=WeakSet)
    """Those that are open; whoever opens one keeps its figures for as long."""

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        made = cls(
            seconds=catalogue.histograms(
                "diarist_database_statement_duration_seconds",
                "Time of one statement, waiting for locks included and for a connection not.",
                ("operation",),
                buckets=(0.0001, 0.00025, 0.0005, *QUICK),
                unit="seconds",
            ),
            errors=catalogue.counters(
                "diarist_database_errors_total",
                "Statements that failed, by the class of the driver's error.",
                ("error",),
                most=40,
            ),
            in_use=catalogue.gauges("diarist_database_connections_in_use", "Connections that are being used now.", ("server",)),
            idle=catalogue.gauges("diarist_database_connections_idle", "Connections that wait to be used.", ("server",)),
            most=catalogue.gauges(
                "diarist_database_connections_max",
                "Connections that the pools of this process may have at once; 0 for SQLite, which has no limit.",
                ("server",),
            ),
        )
        catalogue.before_scrapes.append(made._look)
        return made

    def _look(self) -> None:
        totals: dict[str, tuple[int, int, int]] = {}
        for pool in list(self.pools):
            before, found = totals.get(pool.server, (0, 0, 0)), pool.look()
            totals[pool.server] = (before[0] + found[0], before[1] + found[1], before[2] + found[2])
        for server, (in_use, idle, most) in totals.items():
            self.in_use.put(in_use, server)
            self.idle.put(idle, server)
            self.most.put(most, server)
