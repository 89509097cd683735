"""Who had the processors in some time: each process with its children, and how long they had nothing to do."""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import psutil

SERVERS = "PostgreSQL and Redis"
"""What this very process has started, besides the roles; k6, which has ended by the time, is told apart."""


class Shares:
    """Counts while the context lasts."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        """By name; what is a child of two counts for the one that is nearer."""
        self._pids = pids
        self.each: dict[str, float] = {}
        """Seconds computed a second, by name."""
        self.busy = 0.0
        """Per cent of the time of all processors."""

    def __enter__(self) -> Self:
        self._began, self._idle, self._before = time.monotonic(), _idle(), self._computed()
        self._waited_for = _waited_for()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        seconds, after = time.monotonic() - self._began, self._computed()
        self.each = {name: (after[name] - self._before[name]) / seconds for name in self._pids}
        cores = psutil.cpu_count() or 1
        busy = 1 - (_idle() - self._idle) / (seconds * cores)
        self.busy = 100 * busy
        self.each["k6"] = (_waited_for() - self._waited_for) / seconds
        self.each[SERVERS] -= self.each["k6"]
        self.each["others on this machine"] = max(0.0, busy * cores - sum(self.each.values()))

    def show(self) -> None:
        """One line."""
        parts = ", ".join(f"{name} {share:.2f}" for name, share in self.each.items())
        print(f"Processors {self.busy:.0f} % busy; of {psutil.cpu_count()}: {parts}")

    def _computed(self) -> dict[str, float]:
        apart = set(self._pids.values())
        return {name: _of_tree(psutil.Process(pid), apart - {pid}) for name, pid in self._pids.items()}


def _of_tree(process: psutil.Process, apart: set[int]) -> float:
    """Seconds computed by a process, its children that live, and those that have ended and were waited for."""
    if process.pid in apart:
        return 0.0
    try:
        times = process.cpu_times()
        children = process.children()
    except psutil.NoSuchProcess:
        return 0.0
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(_of_tree(child, apart) for child in children)


def _waited_for() -> float:
    """Seconds computed by children of this process that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _idle() -> float:
    times = psutil.cpu_times()
    return times.idle + times.iowait
