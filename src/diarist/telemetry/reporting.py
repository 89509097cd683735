"""The child's side of a trace: its spans are kept while it answers a call, and go to the parent with the end of the answer."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from dataclasses import asdict
from typing import Any, Self

from diarist.telemetry.faults import is_fault, kind_of
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import NOTHING, Attributes, Kind, Reported, Span, here, part, tracing_by

_MOST = 200
"""Spans of one call that are reported."""

_around: ContextVar[Traceparent | None] = ContextVar("around", default=None)


def told_to_child(span: Span) -> dict[str, Any]:
    """What a call says of the trace that it belongs to; `span`: the call, as its caller sees it."""
    place = span.traceparent or here()
    return {"traceparent": str(place) if place else None, "report": span.recording}


@contextmanager
def reporting(told: Mapping[str, Any], method: str) -> Iterator[list[Reported]]:
    """Answer a call within its trace; gives the list of spans, which is whole when the block has ended."""
    parent = Traceparent.read(told.get("traceparent"))
    tracer = Reporting()
    if parent is None:
        yield tracer.over
    elif told.get("report"):
        with tracing_by(tracer), part(f"answer {method}", parent=parent, attributes={"process.pid": os.getpid()}):
            yield tracer.over
    else:  # for the ids in its log
        with part(method, parent=parent):
            yield tracer.over


def to_json(reported: Iterable[Reported]) -> list[dict[str, Any]]:
    """As it goes over the pipe; `Reported(**one)` reads each."""
    return [asdict(one) for one in reported]


class Reporting:
    """A `tracing.Tracer` that keeps what is over."""

    def __init__(self) -> None:
        self.over: list[Reported] = []

    def part(self, name: str, _kind: Kind, parent: Traceparent | None, attributes: Attributes, /) -> AbstractContextManager[Span]:
        """See `tracing.part`."""
        return _Running(self.over, name, parent, attributes)

    def span(self, name: str, _kind: Kind, attributes: Attributes, _leaf: bool, /) -> AbstractContextManager[Span]:  # noqa: FBT001
        """See `tracing.span`."""
        around = _around.get()
        return NOTHING if around is None else _Running(self.over, name, around, attributes)

    def apart(self) -> AbstractContextManager[object]:
        """See `tracing.apart`; a child does one thing at a time."""
        return NOTHING

    def done(self, _name: str, _seconds: float, _attributes: Attributes, /) -> None:
        """See `tracing.done`; nothing in a child is told so."""

    def here(self) -> Traceparent | None:
        """See `tracing.here`."""
        return _around.get()

    def adopt(self, _reported: Iterable[Reported], /) -> None:
        """See `tracing.adopt`; a child has none of its own."""


class _Running:
    recording = to_be_sent = True  # by whoever it is reported to, or not

    def __init__(self, over: list[Reported], name: str, parent: Traceparent | None, attributes: Attributes) -> None:
        self._over, self._name, self._parent, self._attributes = over, name, parent, dict(attributes)
        self._own = Traceparent.new(parent)
        self._start = 0
        self._error: str | None = None
        self._token: Token[Traceparent | None] | None = None

    @property
    def traceparent(self) -> Traceparent:
        return self._own

    def note(self, attributes: Attributes) -> None:
        self._attributes.update(attributes)

    def link(self, places: Iterable[Traceparent]) -> None:
        """See `tracing.Span`; what a child does has one cause."""

    def rename(self, name: str) -> None:
        self._name = name

    def fail(self, kind: str) -> None:
        self._error = kind

    def __enter__(self) -> Self:
        self._start = time.time_ns()
        self._token = _around.set(self._own)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._token is not None:
            _around.reset(self._token)
        if error is not None and is_fault(error):
            self._error = kind_of(error)
        if len(self._over) < _MOST:
            parent_id = self._parent.span_id if self._parent else ""
            self._over.append(
                Reported(
                    name=self._name,
                    trace_id=self._own.trace_id,
                    span_id=self._own.span_id,
                    parent_id=parent_id,
                    start=self._start,
                    end=time.time_ns(),
                    attributes=self._attributes,
                    error=self._error,
                )
            )
