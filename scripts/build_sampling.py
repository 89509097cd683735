"""What the Docker engine uses while it builds: processor time and memory of its process and of all below it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

INTERVAL = 0.2
"""Seconds; what begins and ends in between is not seen."""


def engine_pid() -> int | None:
    """Of the engine in DIARIST_DOCKER_ROOT, or else of the one on this machine; None when it runs elsewhere."""
    pidfile = Path(os.environ.get("DIARIST_DOCKER_ROOT", ".cache/docker"), "docker.pid")
    if pidfile.is_file():
        return int(pidfile.read_text())
    return next((process.pid for process in psutil.process_iter(["name"]) if process.info["name"] == "dockerd"), None)


class Sampling:
    """As a context manager: watches an engine until the block ends."""

    def __init__(self, pid: int | None) -> None:
        self.peak_bytes: int | None = None
        """Largest sum of resident memory, less what the engine had at the start; None when nobody could be watched."""
        self._engine = psutil.Process(pid) if pid is not None else None
        self._seen: dict[tuple[int, float], float] = {}
        self._first: dict[tuple[int, float], float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def cpu_seconds(self) -> float | None:
        """User and system time; None when nobody could be watched."""
        if self._engine is None:
            return None
        return sum(seconds - self._first.get(process, 0.0) for process, seconds in self._seen.items())

    def __enter__(self) -> Self:
        if self._engine is not None:
            self._at_first = self._look()
            self._first = dict(self._seen)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._engine is not None:
            self._done.set()
            self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(INTERVAL):
            self.peak_bytes = max(self.peak_bytes or 0, self._look() - self._at_first)

    def _look(self) -> int:
        resident = 0
        assert self._engine is not None  # noqa: S101 - for the type checker
        for process in (self._engine, *self._engine.children(recursive=True)):
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    self._seen[process.pid, process.create_time()] = times.user + times.system
                    resident += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue  # it ended meanwhile; what was seen of it counts
        return resident
