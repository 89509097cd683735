"""What is sent of traces that are not sampled: the parts that failed or were slow, whole."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.resources import Resource

from diarist.errors import EngineFailed, NotFound
from diarist.telemetry.collecting import Collecting, as_sent
from diarist.telemetry.keeping import Keeping, Recorded
from diarist.telemetry.tracing import Kind, Reported, adopt, apart, here, part, span, tracing_by


@pytest.fixture
def sent() -> Iterator[list[Recorded]]:
    """By a process that samples nothing, and to which every request is slow, and nothing else."""
    sent: list[Recorded] = []
    with tracing_by(Collecting(Keeping(sent.append, ratio=0.0, slow_request=0.0, slow_task=1e9))):
        yield sent


def names(sent: list[Recorded]) -> list[str]:
    return [one.name for one in sent]


def test_what_went_well_is_not_sent_and_goes_on_unsampled(sent: list[Recorded]) -> None:
    with part("merge", kind=Kind.CONSUMER) as merging, span("database write"):
        assert merging.traceparent
        assert not merging.traceparent.sampled
        assert here()
    assert names(sent) == []


def test_a_part_that_failed_is_sent_whole_with_what_its_child_reported(sent: list[Recorded]) -> None:
    with pytest.raises(EngineFailed), part("transcribe", kind=Kind.CONSUMER), span("call transcribe", leaf=True) as call:
        place = call.traceparent
        assert place
        told = {"trace_id": place.trace_id, "span_id": "00f067aa0ba902b7", "parent_id": place.span_id}
        adopt([Reported(name="hear", start=1, end=2, attributes={}, **told)])
        raise EngineFailed("said: I met Ada")
    assert names(sent) == ["hear", "call transcribe", "transcribe"]
    hear, calling, whole = sent
    assert (hear.parent, calling.parent) == (calling.place, whole.place)
    assert "Ada" not in "".join(as_sent(one, Resource({})).to_json() for one in sent)
    assert [one.attributes.get("error.type") for one in sent] == [None, "engine_failed", "engine_failed"]


def test_what_goes_on_after_its_part_was_kept_is_sent_as_well(sent: list[Recorded]) -> None:
    with part("GET /v1/events", kind=Kind.SERVER):
        later = span("closing", leaf=True)
        later.__enter__()
    later.__exit__(None, None, None)
    assert names(sent) == ["GET /v1/events", "closing"]


def test_what_is_slow_is_sent_and_what_was_asked_wrongly_is_not(sent: list[Recorded]) -> None:
    with part("GET /v1/jobs", kind=Kind.SERVER):
        pass
    with pytest.raises(NotFound), part("compose", kind=Kind.CONSUMER):
        raise NotFound
    assert names(sent) == ["GET /v1/jobs"]


@pytest.mark.usefixtures("sent")
def test_whether_it_will_be_sent_is_told_while_it_goes_on() -> None:
    with part("GET /v1/jobs", kind=Kind.SERVER) as slow, part("merge", kind=Kind.CONSUMER) as quick:
        assert (slow.to_be_sent, quick.to_be_sent) == (True, False)
        quick.fail("worker_lost")
        assert quick.to_be_sent
    with pytest.raises(EngineFailed), part("merge", kind=Kind.CONSUMER) as around, span("call transcribe"):
        raise EngineFailed("away")
    assert around.to_be_sent


def test_parts_of_one_trace_are_judged_each_by_itself(sent: list[Recorded]) -> None:
    with part("plan", kind=Kind.CONSUMER) as plan, part("transcribe", kind=Kind.CONSUMER, parent=plan.traceparent) as chunk:
        chunk.fail("worker_lost")
    assert names(sent) == ["transcribe"]


def test_what_is_done_apart_or_after_its_part_belongs_to_none(sent: list[Recorded]) -> None:
    with part("GET /v1/jobs", kind=Kind.SERVER):
        with apart(), span("renew"):
            assert here() is None
        assert here()
    with span("too late"):
        pass
    assert names(sent) == ["GET /v1/jobs"]


def test_what_is_sent_says_where_it_belongs_in_words_of_bounded_length(sent: list[Recorded]) -> None:
    with part("GET /v1/jobs", kind=Kind.SERVER) as first:
        first.note({"long": "x" * 1000})
        assert first.traceparent
        first.link([first.traceparent])
    told = as_sent(sent[0], Resource({}))
    assert told.context
    assert told.context.trace_flags.sampled, "without the flag nothing is sent"
    assert len(str((told.attributes or {})["long"])) == 400
    assert [f"{link.context.span_id:016x}" for link in told.links] == [sent[0].place.span_id]


@pytest.mark.parametrize("ratio", [0.0, 0.25, 1.0])
def test_the_ratio_goes_by_the_trace_alone(ratio: float) -> None:
    chance = random.Random(7)
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(2000)]

    def sampled(slow: float) -> list[bool]:
        keeping = Keeping(lambda _: None, ratio=ratio, slow_request=slow, slow_task=slow)
        return [keeping.samples(one) for one in ids]

    assert sum(sampled(1.0)) == pytest.approx(ratio * 2000, abs=100)
    assert sampled(1.0) == sampled(9.0)
