"""Where in which trace: the value that goes with requests, rows and calls of children, as W3C Trace Context writes it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_FORM = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
_SAMPLED = 1

_chance = random
"""Ids have to be different, not hard to guess; this is seeded anew in each process, and many times as quick as the system's."""


@dataclass(frozen=True, slots=True)
class Traceparent:
    """A span and its trace; `str` makes the header of https://www.w3.org/TR/trace-context/ of it."""

    trace_id: str
    """32 hexadecimal digits."""
    span_id: str
    """16 hexadecimal digits."""
    sampled: bool = False
    """Whether all of the trace is kept by whoever began it."""

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"

    @classmethod
    def read(cls, header: str | None) -> Traceparent | None:
        """What a header says, or None when it says nothing that can be used; whoever sent it is not told."""
        found = _FORM.fullmatch(header) if header else None
        # Of version 0 nothing may follow; what later ones add is not for us.
        if found is None or (header is not None and header.startswith("00-") and len(header) != len("00--00") + 49):
            return None
        return cls(found[1], found[2], bool(int(found[3], 16) & _SAMPLED))

    @classmethod
    def new(cls, parent: Traceparent | None = None) -> Traceparent:
        """A fresh span: of its parent's trace, or of one that begins with it."""
        trace_id = parent.trace_id if parent else f"{_chance.getrandbits(128) or 1:032x}"
        return cls(trace_id, f"{_chance.getrandbits(64) or 1:016x}", bool(parent and parent.sampled))
