"""What the threads of this process do: their stacks, looked at a hundred times a second, and how long each had a processor.

Works everywhere and needs no rights, as the process looks at itself. It sees Python: time in native code is told of the function
that called it. Of threads that native code has started by itself it is only told what all of them took.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

EVERY = 0.01
"""Seconds between two looks."""
LONGEST = 60.0
"""Seconds that a profile may take."""
UNSEEN = "threads of native code;unseen"
"""The stack of all that Python knows nothing of."""
_DEEPEST = 100
"""Frames of one stack; the outermost of a deeper one are left out."""
_NANOSECONDS = 1e9

Stacks = Mapping[str, float]
"""Seconds, by stack: thread and functions with `;` between them, the outermost first, as flame graphs are made of."""


def sample(seconds: float, *, waiting: bool = False) -> Stacks:
    """Look for so long, from this thread, which is left out.

    Gives how long each stack had a processor; with `waiting`, how long it was there, whether it did something or not. Where the
    system does not tell what threads take of processors, which Linux does, it is always the second.
    """
    stacks: Counter[str] = Counter()
    in_all = time.process_time() - time.thread_time()
    known, before, until = _used(), time.perf_counter(), time.perf_counter() + seconds
    while before < until:
        time.sleep(EVERY)
        used, now = _used(), time.perf_counter()
        names = {thread.ident: (thread.name, thread.native_id) for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():  # noqa: SLF001 - documented, "for internal and specialized purposes only"
            name, native = names.get(ident, ("a thread", None))
            if ident == threading.get_ident():
                continue
            spent = now - before if waiting or native not in used else used[native] - known.get(native, used[native])
            if spent > 0:
                stacks[f"{name.replace(';', ' ')};{_collapsed(frame)}"] += spent  # type: ignore[assignment]  # seconds
        known, before = used, now
    unseen = time.process_time() - time.thread_time() - in_all - sum(stacks.values())
    if known and not waiting and unseen > EVERY:
        stacks[UNSEEN] = unseen  # type: ignore[assignment]  # seconds
    return dict(stacks)


def _collapsed(innermost: FrameType) -> str:
    names: list[str] = []
    frame: FrameType | None = innermost
    while frame is not None and len(names) < _DEEPEST:
        names.append(f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_qualname}")
        frame = frame.f_back
    return ";".join(reversed(names))


def _used() -> dict[int | None, float]:
    """Seconds of a processor that threads have had, by native id (proc(5), `schedstat`); nothing where that is not told."""
    used: dict[int | None, float] = {}
    for thread in threading.enumerate():
        try:
            told = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text(encoding="ascii")
        except OSError:
            continue
        used[thread.native_id] = int(told.split()[0]) / _NANOSECONDS
    return used
