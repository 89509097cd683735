"""Where traces are collected, figures name one, in OpenMetrics; else they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from diarist.telemetry.metrics import Metrics
from diarist.telemetry.metrics.exposition import scrape
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import NOTHING, Span, Tracer, tracing_by
from scraped import OPENMETRICS

PLACE = Traceparent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", sampled=True)


class Collecting:
    """A tracer that is always at one place."""

    @contextmanager
    def part(self, *_: Any) -> Iterator[Span]:
        yield NOTHING

    span = part

    def here(self) -> Traceparent | None:
        return PLACE

    def apart(self) -> Span:
        return NOTHING

    def done(self, *_: Any) -> None: ...

    def adopt(self, _reported: Iterable[Any], /) -> None: ...


def lines(metrics: Metrics, accept: str) -> list[str]:
    return [line for line in scrape(metrics.catalogue, accept)[0].decode().splitlines() if PLACE.trace_id in line]


def test_a_figure_names_the_trace_that_it_comes_from() -> None:
    metrics = Metrics.open()
    with tracing_by(cast("Tracer", Collecting())):
        metrics.http.seconds.observe(0.3, "GET", "/v1/jobs")
        metrics.business.entries.add()
    bucket, counter = sorted(lines(metrics, OPENMETRICS), key=lambda line: "_bucket" not in line)
    assert 'le="0.5"' in bucket
    assert f'trace_id="{PLACE.trace_id}"' in bucket.partition(" # ")[2]
    assert counter.startswith("diarist_entries_total")
    assert lines(metrics, "text/plain") == []


def test_where_nobody_collects_no_trace_is_named() -> None:
    metrics = Metrics.open()
    metrics.http.seconds.observe(0.3, "GET", "/v1/jobs")
    assert "trace_id" not in scrape(metrics.catalogue, OPENMETRICS)[0].decode()
