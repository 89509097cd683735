"""Spans, sent by OTLP over HTTP with what OpenTelemetry's SDK has for that; imported only where somebody collects.

Spans that go on are our own: of ten that begin nine may never be sent, and one of the SDK costs several times as much.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from dataclasses import replace
from typing import Self
from uuid import uuid4

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from diarist import __version__
from diarist.settings.telemetry import TelemetrySettings
from diarist.telemetry.faults import is_fault, kind_of
from diarist.telemetry.keeping import Keeping, Part, Recorded
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import NOTHING, Attributes, Kind, Reported, Span

_TRIES_FOR = 3.0
"""Seconds for one request to the collector: one that is away must not hold up the end of a process for long."""
_MOST_ATTRIBUTES, _LONGEST_ATTRIBUTE, _MOST_LINKS = 64, 400, 512
_SCOPE = InstrumentationScope("diarist", __version__)
_NANOSECONDS = 1_000_000_000

_KINDS = {kind: SpanKind[kind.name] for kind in Kind}
_FROM_AFAR = (Kind.SERVER, Kind.CONSUMER)
_ERROR, _FINE = Status(StatusCode.ERROR), Status()
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)

_at: ContextVar[_Running | None] = ContextVar("span", default=None)


@contextmanager
def collector(settings: TelemetrySettings, service: str) -> Iterator[Collecting]:
    """A tracer that sends to the collector that the settings or the environment name; what is left is sent at the end."""
    endpoint = f"{settings.endpoint.rstrip('/')}/v1/traces" if settings.endpoint else None
    # How often they are sent: every five seconds, or as OTEL_BSP_SCHEDULE_DELAY says.
    sending = BatchSpanProcessor(OTLPSpanExporter(endpoint, timeout=_TRIES_FOR))
    about: dict[str, str | int] = {
        "service.name": service, "service.namespace": "diarist", "service.version": __version__,
        "service.instance.id": str(uuid4()), "process.pid": os.getpid(),
    }  # fmt: skip
    resource = Resource.create(dict(about))
    keeping = Keeping(
        lambda span: sending.on_end(as_sent(span, resource)),
        ratio=settings.sample_ratio, slow_request=settings.slow_request, slow_task=settings.slow_task,
    )  # fmt: skip
    try:
        yield Collecting(keeping)
    finally:
        sending.shutdown()  # type: ignore[no-untyped-call]


class Collecting:
    """See `tracing.Tracer`."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def part(self, name: str, kind: Kind, parent: Traceparent | None, attributes: Attributes, /) -> AbstractContextManager[Span]:
        """See `tracing.part`."""
        place = Traceparent.new(parent)
        if place.sampled is not (sampled := self._keeping.samples(place.trace_id)):
            place = replace(place, sampled=sampled)
        return _Running(self._keeping, self._keeping.begun(place), _begun(name, kind, place, parent, attributes), leaf=False)

    def span(self, name: str, kind: Kind, attributes: Attributes, leaf: bool, /) -> AbstractContextManager[Span]:  # noqa: FBT001
        """See `tracing.span`."""
        around = _at.get()
        if around is None or not around.recording:
            return NOTHING
        parent = around.traceparent
        return _Running(self._keeping, around.part, _begun(name, kind, Traceparent.new(parent), parent, attributes), leaf=leaf)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """See `tracing.apart`."""
        token = _at.set(None)
        try:
            yield
        finally:
            _at.reset(token)

    def done(self, name: str, seconds: float, attributes: Attributes, /) -> None:
        """See `tracing.done`."""
        around = _at.get()
        if around is not None and around.recording:
            parent = around.traceparent
            span = _begun(name, Kind.CLIENT, Traceparent.new(parent), parent, attributes)
            span.end, span.start = span.start, span.start - round(seconds * _NANOSECONDS)
            self._keeping.over(span, around.part)

    def here(self) -> Traceparent | None:
        """See `tracing.here`."""
        around = _at.get()
        return around.traceparent if around is not None else None

    def adopt(self, reported: Iterable[Reported], /) -> None:
        """See `tracing.adopt`."""
        around = _at.get()
        if around is None:
            return
        for one in reported:
            place, parent = (Traceparent(one.trace_id, own, around.traceparent.sampled) for own in (one.span_id, one.parent_id))
            error = {"error.type": one.error} if one.error else {}
            span = Recorded(
                name=one.name, kind=Kind.INTERNAL, place=place, parent=parent, attributes={**one.attributes, **error},
                start=one.start, end=one.end, failed=bool(one.error),
            )  # fmt: skip
            self._keeping.over(span, around.part)


class _Running:
    """A span of a part, in force within its block."""

    def __init__(self, keeping: Keeping, part: Part, span: Recorded, *, leaf: bool) -> None:
        self.part = part
        self._keeping, self._span, self._leaf = keeping, span, leaf
        self._token: Token[_Running | None] | None = None

    @property
    def recording(self) -> bool:
        return not self._span.end

    @property
    def to_be_sent(self) -> bool:
        return self._keeping.would_send(self.part, self._span, time.time_ns())

    @property
    def traceparent(self) -> Traceparent:
        return self._span.place

    def note(self, attributes: Attributes) -> None:
        self._span.attributes.update(attributes)

    def link(self, places: Iterable[Traceparent]) -> None:
        self._span.links.extend(places)

    def rename(self, name: str) -> None:
        self._span.name = name

    def fail(self, kind: str) -> None:
        self._span.attributes["error.type"] = kind
        self._span.failed = True

    def __enter__(self) -> Self:
        if not self._leaf:
            self._token = _at.set(self)
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._token is not None:
            _at.reset(self._token)
        if error is not None:
            # Its class or code alone: what an error says may repeat what was said.
            kind = kind_of(error)
            self._span.attributes.update({"error.type": kind} if kind else {"diarist.left_early": True})
            self._span.failed = self._span.failed or is_fault(error)
        self._span.end = time.time_ns()
        self._keeping.over(self._span, self.part)


def as_sent(span: Recorded, resource: Resource) -> ReadableSpan:
    """The same as the SDK sends it; what is sent is flagged as sampled, whyever it was kept."""
    return ReadableSpan(
        name=span.name,
        context=_context(span.place, is_remote=False),
        parent=_context(span.parent, is_remote=span.kind in _FROM_AFAR) if span.parent else None,
        resource=resource,
        attributes=BoundedAttributes(_MOST_ATTRIBUTES, span.attributes, max_value_len=_LONGEST_ATTRIBUTE),
        links=[Link(_context(place, is_remote=True)) for place in span.links[:_MOST_LINKS]],
        kind=_KINDS[span.kind],
        status=_ERROR if span.failed else _FINE,
        start_time=span.start,
        end_time=span.end,
        instrumentation_scope=_SCOPE,
    )


def _begun(name: str, kind: Kind, place: Traceparent, parent: Traceparent | None, attributes: Attributes) -> Recorded:
    return Recorded(name=name, kind=kind, place=place, parent=parent, attributes=dict(attributes), start=time.time_ns())


def _context(place: Traceparent, *, is_remote: bool) -> SpanContext:
    return SpanContext(int(place.trace_id, 16), int(place.span_id, 16), is_remote, _SAMPLED)
