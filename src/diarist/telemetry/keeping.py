"""Which spans are sent: all of the traces that are sampled, and of the others each part that failed or was slow.

A part is what one process does of a trace: a request, one try of a task. It is judged when it ends, by all that happened in it;
what other processes did of the same trace may have been let go by then. A whole trace can only be judged by a collector that
sees all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import Kind

_MOST = 2000
"""Spans of one part that are remembered until it is judged."""
_ATTRIBUTES = int | float | bool | str
_LOW = (1 << 64) - 1
_LOW_DIGITS = 16
_NANOSECONDS = 1_000_000_000


@dataclass(slots=True, eq=False, kw_only=True)
class Recorded:
    """A span as it is kept in memory; most are never sent, so it is no more than needed to make what is sent."""

    name: str
    kind: Kind
    place: Traceparent
    parent: Traceparent | None
    attributes: dict[str, _ATTRIBUTES]
    start: int
    """Nanoseconds since the epoch, as `end`."""
    end: int = 0
    links: list[Traceparent] = field(default_factory=list)
    failed: bool = False


@dataclass(slots=True, eq=False)
class Part:
    """What this process does of one trace, from when it begins."""

    root: Traceparent
    """The span that is the part."""
    kept: bool | None
    """None until it is judged."""
    over: list[Recorded] = field(default_factory=list)
    failed: bool = False


class Keeping:
    """Decides; called from any thread."""

    def __init__(self, send: Callable[[Recorded], None], *, ratio: float, slow_request: float, slow_task: float) -> None:
        """`ratio`: share of traces that are sampled. `slow_request`, `slow_task`: seconds."""
        self._send = send
        self._bound = round(ratio * (_LOW + 1))
        self._slow_request, self._slow_task = slow_request, slow_task

    def samples(self, trace_id: str) -> bool:
        """By the trace's id alone, so that all processes with the same ratio come to the same."""
        return int(trace_id[-_LOW_DIGITS:], 16) < self._bound

    def begun(self, root: Traceparent) -> Part:
        """A part begins with that span."""
        return Part(root, kept=True if root.sampled else None)

    def over(self, span: Recorded, part: Part) -> None:
        """A span of the part has ended."""
        part.failed = part.failed or span.failed
        if part.kept:
            self._send(span)
        elif part.kept is None and len(part.over) < _MOST:
            part.over.append(span)
        if span.place is part.root and part.kept is None:
            part.kept = self.would_send(part, span, span.end)
            over, part.over = part.over, []
            for one in over if part.kept else ():
                self._send(one)

    def would_send(self, part: Part, root: Recorded, end: int) -> bool:
        """Whether a part goes on its way if `root`, the span that it is, ends then; nanoseconds since the epoch."""
        return part.kept or part.failed or root.failed or (end - root.start) / _NANOSECONDS >= self._slow(root.kind)

    def _slow(self, kind: Kind) -> float:
        return self._slow_request if kind is Kind.SERVER else self._slow_task
