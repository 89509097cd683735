"""Which spans are sent: all of the traces that are sampled, and of the others each part that failed or was slow.

A part is what one process does of a trace: a request, one try of a task. It is judged when it ends, by all that happened in it;
what other processes did of the same trace may have been let go by then. A whole trace can only be judged by a collector that
sees all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult
from opentelemetry.trace import SpanContext, SpanKind, StatusCode, TraceFlags, TraceState
from opentelemetry.util.types import Attributes

_MOST = 2000
"""Spans of one part that are remembered until it is judged."""
_LOW = (1 << 64) - 1
_NANOSECONDS = 1_000_000_000


class ByTraceId(Sampler):
    """Samples by the trace's id alone, so that all processes with the same ratio come to the same; records the others too."""

    def __init__(self, ratio: float) -> None:
        self._bound = round(ratio * (_LOW + 1))

    def should_sample(
        self,
        parent_context: Context | None,  # noqa: ARG002 - the library's shape, as the next ones
        trace_id: int,
        name: str,  # noqa: ARG002
        kind: SpanKind | None = None,  # noqa: ARG002
        attributes: Attributes = None,
        links: object = None,  # noqa: ARG002
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """See the library."""
        sampled = trace_id & _LOW < self._bound
        return SamplingResult(Decision.RECORD_AND_SAMPLE if sampled else Decision.RECORD_ONLY, attributes, trace_state)

    def get_description(self) -> str:
        """See the library."""
        return f"ByTraceId({self._bound / (_LOW + 1):g})"


@dataclass(slots=True)
class _Part:
    root: int
    """Id of the span that is the part."""
    over: list[ReadableSpan] = field(default_factory=list)
    failed: bool = False
    kept: bool | None = None
    """None until it is judged."""


class Keeping(SpanProcessor):
    """Hands on to another processor, which sends; called from any thread."""

    def __init__(self, sending: SpanProcessor, *, slow_request: float, slow_task: float) -> None:
        """`slow_request`, `slow_task`: seconds."""
        self._sending = sending
        self._slow_request, self._slow_task = slow_request, slow_task
        self._parts: dict[int, _Part] = {}
        """By the ids of the spans that go on."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:  # noqa: ARG002 - the library's shape
        """See the library."""
        if span.context.trace_flags.sampled:
            return
        around = self._parts.get(span.parent.span_id) if span.parent and not span.parent.is_remote else None
        self._parts[span.context.span_id] = around or _Part(span.context.span_id)

    def on_end(self, span: ReadableSpan) -> None:
        """See the library; spans that were reported by a child come here without having begun here."""
        context = span.context
        if context is None or context.trace_flags.sampled:
            self._sending.on_end(span)
            return
        part = self._parts.pop(context.span_id, None) or self._parts.get(span.parent.span_id if span.parent else 0)
        if part is None:
            return
        part.failed = part.failed or span.status.status_code is StatusCode.ERROR
        if part.kept is None and len(part.over) < _MOST:
            part.over.append(span)
        elif part.kept:
            self._sending.on_end(_sampled(span))
        if context.span_id == part.root:
            part.kept = part.failed or _seconds(span) >= self._slow(span.kind)
            over, part.over = part.over, []
            for one in over if part.kept else ():
                self._sending.on_end(_sampled(one))

    def shutdown(self) -> None:
        """See the library."""
        self._sending.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """See the library."""
        return self._sending.force_flush(timeout_millis)

    def _slow(self, kind: SpanKind) -> float:
        return self._slow_request if kind is SpanKind.SERVER else self._slow_task


def _seconds(span: ReadableSpan) -> float:
    return ((span.end_time or 0) - (span.start_time or 0)) / _NANOSECONDS


def _sampled(span: ReadableSpan) -> ReadableSpan:
    """The same, with the flag without which nothing is sent."""
    context = span.context
    assert context  # noqa: S101 - for mypy: every span that was begun has one
    own = SpanContext(context.trace_id, context.span_id, context.is_remote, TraceFlags(TraceFlags.SAMPLED), context.trace_state)
    return ReadableSpan(
        name=span.name, context=own, parent=span.parent, resource=span.resource, attributes=span.attributes, events=span.events,
        links=span.links, kind=span.kind, status=span.status,
        start_time=span.start_time, end_time=span.end_time, instrumentation_scope=span.instrumentation_scope,
    )  # fmt: skip
