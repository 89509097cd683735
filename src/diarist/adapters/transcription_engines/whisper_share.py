"""How many windows are read at once, by how many threads or devices."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

_WORKERS = 4
"""Of a CPU at most; a chunk of some minutes has work for no more."""
_BATCH = 8
"""Windows at once for a worker of a CPU; more gain little."""


@dataclass(frozen=True, slots=True)
class Share:
    """How the work is divided. A thread each is best: two that work on one small matrix mostly wait for each other."""

    workers: int
    """Batches that are read at the same time."""
    threads: int
    """Of the CPU, for each worker."""
    batch: int = _BATCH
    """Windows of a batch at most."""

    @classmethod
    def of_cpu(cls, threads: int) -> Self:
        """`threads`: all that may be used; 0 for all that the process has."""
        all_threads = threads or processors()
        each = max(1, round(all_threads / _WORKERS))
        return cls(max(1, all_threads // each), each)

    def batches(self, windows: Sequence[int]) -> list[Sequence[int]]:
        """Nearly equal batches in order, the larger ones first, as many that no worker is idle while another has two left."""
        rounds = math.ceil(len(windows) / (self.workers * self.batch))
        number = min(len(windows), rounds * self.workers)
        edges = [-(-len(windows) * place // number) for place in range(number + 1)] if number else [0]
        return [windows[start:end] for start, end in pairwise(edges)]


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
