"""The most memory that the processes which hear have held."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil


def peak_engine_memory() -> int | None:
    """Bytes, over all engines that this process has started and that are there now; None when there are none.

    Where the system does not keep the peak (`VmHWM`, proc(5), Linux), it is what they hold at this moment.
    """
    found = None
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if "the engine process" in child.cmdline():
                found = (found or 0) + sum(peak_memory(one) for one in (child, *child.children(recursive=True)))
    return found


def peak_memory(process: psutil.Process) -> int:
    """Bytes that it held at most. Not `ru_maxrss`, which is born with the peak of the process that started it."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return int(process.memory_info().rss)
