"""The child processes of a process: how often they start and why they end, and what they take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from diarist.telemetry.metrics.catalogue import Catalogue, Counters, Gauges
from diarist.telemetry.processor import taken

Noted = Callable[[Mapping[str, str], str, Mapping[str, float]], None]
"""Hears what a child has noted: about what, what happened, and its figures."""


Ask = Callable[[str, Mapping[str, Any]], None]
"""Sends a frame of a kind to a child, from any thread."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A child that was asked for a profile."""

    name: str
    """What it does, and its pid."""
    path: Path
    """Where the profile will be."""


class ChildEnd(StrEnum):
    """Why a child is no more."""

    CLOSED = "closed"
    """The process that it belonged to has no more work for it."""
    RESTED = "rested"
    """Nobody needed it for long, or it had grown beyond its limit; the next call starts another."""
    CANCELLED = "cancelled"
    """Whoever had asked does not want the answer any more."""
    HUNG = "hung"
    MEMORY = "memory"
    """It ate up the machine in the middle of a call."""
    DIED = "died"


def _unheard(_about: Mapping[str, str], _name: str, _figures: Mapping[str, float]) -> None:
    """Nobody asks for what this child notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildMetrics:
    """By what the children do: `engine`, `prober`, `decoder`, `typesetter`, `language_model`."""

    starts: Counters
    ends: Counters
    cpu: Counters
    gpu: Counters
    memory: Gauges
    running: Gauges
    _watched: list[ChildWatch] = field(default_factory=list)

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        made = cls(
            starts=catalogue.counters("diarist_child_starts_total", "Child processes that were started.", ("child",)),
            ends=catalogue.counters(
                "diarist_child_ends_total",
                "Child processes that ended, by the reason: closed, rested, cancelled, hung, memory, died.",
                ("child", "reason"),
            ),
            cpu=catalogue.counters(
                "diarist_child_cpu_seconds_total",
                "CPU time of child processes, as far as they have reported it: with each answer, and every second in long ones.",
                ("child",),
                unit="seconds",
            ),
            gpu=catalogue.counters(
                "diarist_child_gpu_seconds_total",
                "Time for which child processes have computed on graphics cards, the seconds of each card counted.",
                ("child",),
                unit="seconds",
            ),
            memory=catalogue.gauges(
                "diarist_child_resident_memory_bytes", "Memory that child processes hold now.", ("child",), unit="bytes"
            ),
            running=catalogue.gauges("diarist_child_running", "Child processes that there are now.", ("child",)),
        )
        catalogue.before_scrapes.append(made._look)
        return made

    def watch(self, child: str, noted: Noted = _unheard) -> ChildWatch:
        """For one place in which there is a child at a time."""
        watch = ChildWatch(self, child, noted)
        for reason in ChildEnd:
            # There from the beginning: of a series that begins at 1 nobody sees that it grew.
            self.ends.add(child, reason, by=0)
        self._watched.append(watch)
        return watch

    def ask_for_profiles(self, seconds: float, folder: Path, *, waiting: bool) -> list[Asked]:
        """Let every child that there is look at itself for so long; from any thread. Each writes into the folder."""
        found = []
        for watch in list(self._watched):
            for pid, ask in watch.asks():
                asked = Asked(f"{watch.child} {pid}", folder / f"{pid}.json")
                ask("profile", {"seconds": seconds, "waiting": waiting, "path": str(asked.path)})
                found.append(asked)
        return found

    def _look(self) -> None:
        found: dict[str, list[int]] = {}
        for watch in list(self._watched):
            found.setdefault(watch.child, []).extend(watch.pids())
        for child, pids in found.items():
            self.running.put(len(pids), child)
            self.memory.put(sum(map(_resident_bytes, pids)), child)


class ChildWatch:
    """Follows the children of one place, one after the other; to be told from one event loop."""

    def __init__(self, metrics: ChildMetrics, child: str, noted: Noted) -> None:
        self.child = child
        self._metrics = metrics
        self._noted = noted
        self._used: dict[int, tuple[float, float]] = {}
        self._asks: dict[int, Ask] = {}

    def started(self, pid: int, ask: Ask) -> None:
        """There is one, that can be asked something."""
        self._used[pid], self._asks[pid] = (0.0, 0.0), ask
        self._metrics.starts.add(self.child)

    def ended(self, pid: int, reason: ChildEnd) -> None:
        """It is no more."""
        self._asks.pop(pid, None)
        if self._used.pop(pid, None) is not None:
            self._metrics.ends.add(self.child, reason)

    def reported(self, pid: int, cpu_seconds: float, gpu_seconds: float = 0.0) -> None:
        """It has used so much of processors and graphics cards since it began; what is new is of the work at hand."""
        cpu_before, gpu_before = self._used.get(pid, (0.0, 0.0))
        cpu, gpu = max(0.0, cpu_seconds - cpu_before), max(0.0, gpu_seconds - gpu_before)
        self._metrics.cpu.add(self.child, by=cpu)
        self._metrics.gpu.add(self.child, by=gpu)
        self._used[pid] = cpu_before + cpu, gpu_before + gpu
        taken(cpu, gpu)

    def noted(self, about: Mapping[str, str], name: str, figures: Mapping[str, float]) -> None:
        """It has noted something."""
        self._noted(about, name, figures)

    def pids(self) -> list[int]:
        """Of those that there are."""
        return list(self._used)

    def asks(self) -> list[tuple[int, Ask]]:
        """How each of those that there are can be asked, by its pid."""
        return list(self._asks.items())


def unwatched(child: str) -> ChildWatch:
    """For a child of which nobody wants to know."""
    return ChildMetrics.open(Catalogue.open()).watch(child)


def _resident_bytes(pid: int) -> int:
    import psutil

    with suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0
