"""What visitors saw, from k6's summary, and what the servers say themselves of the same requests, from their log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import percentile
from rich.console import Console
from rich.table import Table

WIDTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The answers to one kind of request; times in milliseconds."""

    kind: str
    count: int
    p50: float
    p95: float
    p99: float
    longest: float
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """All that visitors saw in so many seconds."""

    kinds: tuple[Kind, ...]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(kind.count for kind in self.kinds) / self.seconds


def answers_of(summary: Path, seconds: float) -> Answers:
    """Read what `load_visitors.js` wrote."""
    metrics = json.loads(summary.read_text())
    prefix = "answered{kind:"
    kinds = []
    for name, metric in metrics.items():
        if not name.startswith(prefix) or not (values := metric["values"])["count"]:
            continue
        kind = name.removeprefix(prefix).removesuffix("}")
        errors = metrics.get(f"wrong{{kind:{kind}}}", {"values": {"count": 0}})["values"]["count"]
        kinds.append(
            Kind(
                kind=kind,
                count=values["count"],
                p50=values["med"],
                p95=values["p(95)"],
                p99=values["p(99)"],
                longest=values["max"],
                errors=errors,
            )
        )
    return Answers(tuple(kinds), seconds)


def served(log: Path, after: int) -> list[Kind]:
    """By method and route, from the line that ends each request; of the log, what stands behind so many bytes.

    A stream ends when its reader goes: it is left out.
    """
    found: defaultdict[str, list[float]] = defaultdict(list)
    refused: defaultdict[str, int] = defaultdict(int)
    with log.open("rb") as lines:
        lines.seek(after)
        for line in lines:
            told = _line(line)
            if told.get("event") != "request.ended" or str(told["route"]).endswith("/events"):
                continue
            route = f"{told['method']} {told['route']}"
            found[route].append(told["seconds"] * 1000)
            refused[route] += told["status"] >= 400
    return [
        Kind(
            kind=route, count=len(times), p50=percentile(times, 0.5), p95=percentile(times, 0.95), p99=percentile(times, 0.99),
            longest=max(times), errors=refused[route],
        )
        for route, times in sorted(found.items())
    ]  # fmt: skip


def print_answers(answers: Answers) -> None:
    """What visitors saw."""
    _print("as visitors saw it, ms", answers.kinds, answers.seconds)


def print_served(kinds: Sequence[Kind]) -> None:
    """What the servers say."""
    _print("as the servers measured it, ms, with the time in which a body arrives", kinds, None)


def _print(title: str, kinds: Sequence[Kind], seconds: float | None) -> None:
    table = Table("", "count", "/s", "p50", "p95", "p99", "max", "errors", title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    for kind in kinds:
        rate = "" if seconds is None else f"{kind.count / seconds:.1f}"
        times = (f"{time:.0f}" for time in (kind.p50, kind.p95, kind.p99, kind.longest))
        table.add_row(kind.kind, str(kind.count), rate, *times, str(kind.errors))
    Console(width=WIDTH).print(table)


def _line(line: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:  # what a library prints
        return {}
    return told if isinstance(told, dict) else {}
