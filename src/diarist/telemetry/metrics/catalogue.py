"""Families of metrics that are cheap to use and cannot grow without bounds, and the catalogue of those that a process has.

Names are those of Prometheus: base units, `_total` for what only grows. A label never says whose a thing is, or what was said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.metrics import MetricWrapperBase

from diarist.telemetry.tracing import collected, here

OTHER = "other"
"""Stands for all values of a label beyond those that a family has room for."""
MOST_CHILDREN = 400
"""Combinations of labels of one family, unless it says otherwise; a histogram has a dozen series for each."""
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds: answers, and what they are made of."""
LONG = (0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Seconds: work."""

M = TypeVar("M", bound=MetricWrapperBase)


class Family(dict[tuple[str, ...], M], Generic[M]):
    """The metrics of one name, by the values of their labels.

    Whoever asks the library for labels pays for a lock and for text each time; here that is a look into a dictionary.
    """

    def __init__(self, family: M, labels: Sequence[str], most: int) -> None:
        super().__init__()
        self._family = family
        self._labels = tuple(labels)
        self._most = most

    def __missing__(self, values: tuple[str, ...]) -> M:
        if not self._labels:
            child = self._family
        elif len(self) >= self._most:
            return self._family.labels(*(OTHER for _ in self._labels))
        else:
            child = self._family.labels(*values)
        self[values] = child
        return child


class Counters(Family[Counter]):
    """What only grows."""

    def add(self, *labels: str, by: float = 1.0) -> None:
        """`labels`: values in the order of their names."""
        self[labels].inc(by, exemplar())


class Gauges(Family[Gauge]):
    """What goes up and down."""

    def put(self, value: float, *labels: str) -> None:
        """Set it; `labels`: values in the order of their names."""
        self[labels].set(value)

    def add(self, *labels: str, by: float = 1.0) -> None:
        """Change it; `labels`: values in the order of their names."""
        self[labels].inc(by)

    def forget(self) -> None:
        """Say nothing more, until it is put anew; one without labels, which is always told, says 0."""
        if self._labels:
            self._family.clear()
            self.clear()
        else:
            self.put(0)


class Histograms(Family[Histogram]):
    """How often what was how much."""

    def observe(self, value: float, *labels: str) -> None:
        """`labels`: values in the order of their names."""
        self[labels].observe(value, exemplar())


@contextmanager
def timed(seconds: Histograms, errors: Counters, name: str, expected: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Round something that has a name of few: how long it took, and whether it failed; what is `expected` is no error."""
    began = time.perf_counter()
    try:
        yield
    except expected:
        raise
    except Exception:
        errors.add(name)
        raise
    finally:
        seconds.observe(time.perf_counter() - began, name)


def exemplar() -> dict[str, str] | None:
    """The trace at hand, where it is collected: how to get from a number to what happened."""
    place = here() if collected() else None
    return {"trace_id": place.trace_id, "span_id": place.span_id} if place and place.sampled else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What the reference says of a family."""

    name: str
    """As it is asked for in PromQL; a histogram's has `_bucket`, `_sum` and `_count` behind it."""
    kind: str
    labels: tuple[str, ...]
    unit: str
    """Base unit, or empty for a mere number."""
    help: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All families of a process, and where the library collects them."""

    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=False))
    described: list[Described] = field(default_factory=list)
    before_scrapes: list[Callable[[], None]] = field(default_factory=list)
    """Called before each: they put gauges that are cheaper to read than to keep."""

    @classmethod
    def open(cls) -> Catalogue:
        """An empty one."""
        # When each series began: as many series again, which Prometheus does not read.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        return cls()

    def counters(
        self, name: str, tells: str, labels: Sequence[str] = (), *, unit: str = "", most: int = MOST_CHILDREN
    ) -> Counters:
        """`name` ends in `_total`; `unit` stands before that."""
        made = Counter(name, tells, labels, unit=unit, registry=self.registry)
        return Counters(self._noted(made, name, "counter", labels, unit, tells), labels, most)

    def gauges(self, name: str, tells: str, labels: Sequence[str] = (), *, unit: str = "", most: int = MOST_CHILDREN) -> Gauges:
        """`name` ends in `unit`, if there is one."""
        made = Gauge(name, tells, labels, unit=unit, registry=self.registry)
        return Gauges(self._noted(made, name, "gauge", labels, unit, tells), labels, most)

    def histograms(
        self, name: str, tells: str, labels: Sequence[str] = (), *, buckets: Sequence[float] = QUICK, unit: str = "seconds",
        most: int = MOST_CHILDREN,
    ) -> Histograms:  # fmt: skip
        """`name` ends in `unit`, if there is one; `buckets`: upper bounds, the infinite one left out."""
        made = Histogram(name, tells, labels, unit=unit, buckets=buckets, registry=self.registry)
        return Histograms(self._noted(made, name, "histogram", labels, unit, tells), labels, most)

    def _noted(self, made: M, name: str, kind: str, labels: Sequence[str], unit: str, tells: str) -> M:
        self.described.append(Described(name=name, kind=kind, labels=tuple(labels), unit=unit, help=tells))
        return made
