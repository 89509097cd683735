"""What is sent of traces that are not sampled: the parts that failed or were slow, whole."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import Decision

from diarist.errors import EngineFailed, NotFound
from diarist.telemetry.collecting import Collecting
from diarist.telemetry.keeping import ByTraceId, Keeping
from diarist.telemetry.tracing import Kind, Reported, adopt, here, part, span, tracing_by


@pytest.fixture
def sent() -> Iterator[InMemorySpanExporter]:
    """By a process that samples nothing, and to which every request is slow, and nothing else."""
    exporter = InMemorySpanExporter()
    keeping = Keeping(SimpleSpanProcessor(exporter), slow_request=0.0, slow_task=1e9)
    provider = TracerProvider(sampler=ByTraceId(0.0), shutdown_on_exit=False)
    provider.add_span_processor(keeping)
    with tracing_by(Collecting(provider, keeping)):
        yield exporter
    provider.shutdown()


def names(sent: InMemorySpanExporter) -> list[str]:
    return [one.name for one in sent.get_finished_spans()]


def test_what_went_well_is_not_sent_and_goes_on_unsampled(sent: InMemorySpanExporter) -> None:
    with part("merge", kind=Kind.CONSUMER) as merging, span("database write"):
        assert merging.traceparent
        assert not merging.traceparent.sampled
        assert here()
    assert names(sent) == []


def test_a_part_that_failed_is_sent_whole_with_what_its_child_reported(sent: InMemorySpanExporter) -> None:
    with pytest.raises(EngineFailed), part("transcribe", kind=Kind.CONSUMER), span("call transcribe", leaf=True) as call:
        place = call.traceparent
        assert place
        told = {"trace_id": place.trace_id, "span_id": "00f067aa0ba902b7", "parent_id": place.span_id}
        adopt([Reported(name="hear", start=1, end=2, attributes={}, **told)])
        raise EngineFailed("said: I met Ada")
    assert names(sent) == ["hear", "call transcribe", "transcribe"]
    assert "Ada" not in "".join(one.to_json() for one in sent.get_finished_spans())
    assert {(one.attributes or {}).get("error.type") for one in sent.get_finished_spans()} == {None, "engine_failed"}


def test_what_is_slow_is_sent_and_what_was_asked_wrongly_is_not(sent: InMemorySpanExporter) -> None:
    with part("GET /v1/jobs", kind=Kind.SERVER):
        pass
    with pytest.raises(NotFound), part("compose", kind=Kind.CONSUMER):
        raise NotFound
    assert names(sent) == ["GET /v1/jobs"]


def test_parts_of_one_trace_are_judged_each_by_itself(sent: InMemorySpanExporter) -> None:
    with part("plan", kind=Kind.CONSUMER) as plan, part("transcribe", kind=Kind.CONSUMER, parent=plan.traceparent) as chunk:
        chunk.fail("worker_lost")
    assert names(sent) == ["transcribe"]


@pytest.mark.parametrize("ratio", [0.0, 0.25, 1.0])
def test_the_ratio_goes_by_the_trace_alone(ratio: float) -> None:
    chance = random.Random(7)
    ids = [chance.getrandbits(128) for _ in range(2000)]

    def sampled(name: str) -> list[bool]:
        sampler = ByTraceId(ratio)
        return [sampler.should_sample(None, one, name).decision is Decision.RECORD_AND_SAMPLE for one in ids]

    assert sum(sampled("one")) == pytest.approx(ratio * 2000, abs=100)
    assert sampled("one") == sampled("other")
