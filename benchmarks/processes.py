"""The memory of a process and its children, by what each child does."""

from __future__ import annotations

import threading
from collections import defaultdict
from types import TracebackType
from typing import Self

import psutil

INTERVAL = 0.1
"""Seconds between two looks."""


class MemoryWatch:
    """Peaks of resident memory of a process tree while the context lasts, in MB by role."""

    def __init__(self, pid: int) -> None:
        self.peaks: defaultdict[str, float] = defaultdict(float)
        self._root = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL):
            for role, megabytes in resident(self._root).items():
                self.peaks[role] = max(self.peaks[role], megabytes)


def resident(root: psutil.Process) -> dict[str, float]:
    """MB of resident memory of a process and its children now, by role."""
    found: defaultdict[str, float] = defaultdict(float)
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return {}
    for process in processes:
        try:
            found[_role(process, root)] += process.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            continue
    return dict(found)


def _role(process: psutil.Process, root: psutil.Process) -> str:
    if process.pid == root.pid:
        return "main"
    command = " ".join(process.cmdline())
    return next((role for role in ("engine", "audio") if f"the {role} process" in command), "other")
