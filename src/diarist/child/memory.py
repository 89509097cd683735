"""Gives the memory of whole chunks back to the system as soon as they are done with."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3
"""`mallopt(3)`."""
_BYTES = 128 * 1024
"""What glibc begins with."""


def give_rest_back() -> None:
    """Return what is free to the system now; takes some milliseconds, and the next blocks have to be asked for again."""
    _glibc("malloc_trim", 0)


def give_big_blocks_back() -> None:
    """Keep glibc from holding on to big blocks in each thread's heap; elsewhere nothing has to be done.

    glibc raises its limit with the first big block that is freed, up to 32 MB, and from then on takes such blocks from heaps that
    seldom shrink: a process that passes chunks on grows by several of them and never gets smaller again. For one that computes it
    would be a bad bargain: an engine whose scratch space goes back to the system each time takes twice as long.
    """
    _glibc("mallopt", _M_MMAP_THRESHOLD, _BYTES)


def _glibc(function: str, *arguments: int) -> None:
    if sys.platform == "linux":
        found = getattr(ctypes.CDLL(None), function, None)  # musl has neither, and no need of them
        if found is not None:
            found(*arguments)
