"""Spans by the SDK of OpenTelemetry, sent by OTLP over HTTP; imported only where somebody collects."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import Token
from typing import Self
from uuid import uuid4

from opentelemetry import context as contexts
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace import Span as OtelSpan

from diarist import __version__
from diarist.settings.telemetry import TelemetrySettings
from diarist.telemetry.faults import is_fault, kind_of
from diarist.telemetry.keeping import ByTraceId, Keeping
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import NOTHING, Attributes, Kind, Reported, Span

_SCOPE = "diarist"
_TRIES_FOR = 3.0
"""Seconds for one request to the collector: one that is away must not hold up the end of a process for long."""
_EVERY_MS = 1000
"""How often spans are sent."""
_LIMITS = SpanLimits(max_span_attributes=64, max_span_attribute_length=400, max_links=512)
_NO_PARENT = Context()
_NANOSECONDS = 1_000_000_000

_KINDS = {kind: SpanKind[kind.name] for kind in Kind}
_ERROR = Status(StatusCode.ERROR)


@contextmanager
def collector(settings: TelemetrySettings, service: str) -> Iterator[Collecting]:
    """A tracer that sends to the collector that the settings or the environment name; what is left is sent at the end."""
    endpoint = f"{settings.endpoint.rstrip('/')}/v1/traces" if settings.endpoint else None
    sending = BatchSpanProcessor(OTLPSpanExporter(endpoint, timeout=_TRIES_FOR), schedule_delay_millis=_EVERY_MS)
    keeping = Keeping(sending, slow_request=settings.slow_request, slow_task=settings.slow_task)
    about: dict[str, str | int] = {
        "service.name": service, "service.namespace": "diarist", "service.version": __version__,
        "service.instance.id": str(uuid4()), "process.pid": os.getpid(),
    }  # fmt: skip
    resource, sampler = Resource.create(dict(about)), ByTraceId(settings.sample_ratio)
    provider = TracerProvider(sampler=sampler, resource=resource, span_limits=_LIMITS, shutdown_on_exit=False)
    provider.add_span_processor(keeping)
    try:
        yield Collecting(provider, keeping)
    finally:
        provider.shutdown()


class Collecting:
    """See `tracing.Tracer`."""

    def __init__(self, provider: TracerProvider, keeping: Keeping) -> None:
        self._tracer = provider.get_tracer(_SCOPE, __version__)
        self._provider, self._keeping = provider, keeping

    def part(self, name: str, kind: Kind, parent: Traceparent | None, attributes: Attributes, /) -> AbstractContextManager[Span]:
        """See `tracing.part`."""
        before = set_span_in_context(NonRecordingSpan(_remote(parent)), _NO_PARENT) if parent else _NO_PARENT
        return _Running(self._start(name, before, kind, attributes), leaf=False)

    def span(self, name: str, kind: Kind, attributes: Attributes, leaf: bool, /) -> AbstractContextManager[Span]:  # noqa: FBT001
        """See `tracing.span`."""
        if not get_current_span().is_recording():
            return NOTHING
        return _Running(self._start(name, None, kind, attributes), leaf=leaf)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """See `tracing.apart`."""
        token = contexts.attach(_NO_PARENT)
        try:
            yield
        finally:
            contexts.detach(token)

    def done(self, name: str, seconds: float, attributes: Attributes, /) -> None:
        """See `tracing.done`."""
        if get_current_span().is_recording():
            started = time.time_ns() - round(seconds * _NANOSECONDS)
            self._tracer.start_span(name, None, SpanKind.CLIENT, attributes, start_time=started).end()

    def here(self) -> Traceparent | None:
        """See `tracing.here`."""
        context = get_current_span().get_span_context()
        return _traceparent(context) if context.is_valid else None

    def adopt(self, reported: Iterable[Reported], /) -> None:
        """See `tracing.adopt`."""
        for one in reported:
            self._keeping.on_end(self._adopted(one))

    def _start(self, name: str, context: Context | None, kind: Kind, attributes: Attributes) -> OtelSpan:
        return self._tracer.start_span(
            name, context, _KINDS[kind], attributes, record_exception=False, set_status_on_exception=False
        )

    def _adopted(self, one: Reported) -> ReadableSpan:
        trace_id = int(one.trace_id, 16)
        decision = self._provider.sampler.should_sample(None, trace_id, one.name).decision
        flags = TraceFlags(decision is Decision.RECORD_AND_SAMPLE)
        error = {"error.type": one.error} if one.error else {}
        return ReadableSpan(
            name=one.name,
            context=SpanContext(trace_id, int(one.span_id, 16), is_remote=False, trace_flags=flags),
            parent=SpanContext(trace_id, int(one.parent_id, 16), is_remote=False, trace_flags=flags),
            resource=self._provider.resource,
            attributes={**one.attributes, **error},
            status=_ERROR if one.error else Status(),
            start_time=one.start,
            end_time=one.end,
        )


class _Running:
    """A span of the SDK."""

    def __init__(self, span: OtelSpan, *, leaf: bool) -> None:
        self._span, self._leaf = span, leaf
        self._token: Token[Context] | None = None

    @property
    def recording(self) -> bool:
        return True

    @property
    def traceparent(self) -> Traceparent:
        return _traceparent(self._span.get_span_context())

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def link(self, places: Iterable[Traceparent]) -> None:
        for place in places:
            self._span.add_link(_remote(place))

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(_ERROR)

    def __enter__(self) -> Self:
        if not self._leaf:
            self._token = contexts.attach(set_span_in_context(self._span))
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._token is not None:
            contexts.detach(self._token)
        if error is not None:
            # Its class or code alone: what an error says may repeat what was said.
            kind = kind_of(error)
            if kind is None:
                self._span.set_attribute("diarist.left_early", True)
            else:
                self._span.set_attribute("error.type", kind)
            if is_fault(error):
                self._span.set_status(_ERROR)
        self._span.end()


def _remote(place: Traceparent) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if place.sampled else TraceFlags.DEFAULT)
    return SpanContext(int(place.trace_id, 16), int(place.span_id, 16), is_remote=True, trace_flags=flags)


def _traceparent(context: SpanContext) -> Traceparent:
    return Traceparent(f"{context.trace_id:032x}", f"{context.span_id:016x}", context.trace_flags.sampled)
