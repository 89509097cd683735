"""A real receiver of OTLP, of other people's making, and what has come to it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postgres_server import free_port
from prometheus_server import program
from waiting import listens, until


@dataclass(frozen=True, slots=True)
class Received:
    """A span, as it came over the wire."""

    name: str
    trace_id: str
    id: str
    parent_id: str
    kind: int
    """Of `opentelemetry.proto.trace.v1.Span.SpanKind`."""
    failed: bool
    attributes: dict[str, Any]
    linked: tuple[str, ...]
    """Ids of the spans it is linked with."""
    text: str
    """The whole, to look for what must not be in it."""

    @classmethod
    def read(cls, line: str) -> Received:
        told = json.loads(line)
        return cls(
            name=told["name"], trace_id=told["traceId"], id=told["spanId"], parent_id=told["parentSpanId"], kind=told["kind"],
            failed=told["status"]["code"] == 2, attributes={one["key"]: _value(one["value"]) for one in told["attributes"]},
            linked=tuple(link["spanId"] for link in told["links"]), text=line,
        )  # fmt: skip


class Receiver:
    """`oteltap`, which writes down every span it is sent."""

    def __init__(self, url: str, file: Path) -> None:
        self.url = url
        self._file = file

    def spans(self) -> list[Received]:
        return [Received.read(line) for line in self._file.read_text().splitlines() if line.startswith('{"traceId"')]

    def trace(self, trace_id: str, last: str) -> dict[str, list[Received]]:
        """All spans of a trace by their names, once one of the name `last` has come."""

        def found() -> dict[str, list[Received]] | None:
            by_name: dict[str, list[Received]] = {}
            for one in self.spans():
                if one.trace_id == trace_id:
                    by_name.setdefault(one.name, []).append(one)
            return by_name if last in by_name else None

        received: dict[str, list[Received]] = until(found)
        return received


@contextmanager
def otlp_receiver(folder: Path) -> Iterator[Receiver]:
    """Receive until the block ends."""
    port, file = free_port(), folder / "spans.ndjson"
    with program([str(Path(sys.executable).with_name("oteltap")), "--port", str(port)], file):
        until(lambda: listens(port), why=file.read_text)
        yield Receiver(f"http://127.0.0.1:{port}", file)


def _value(told: dict[str, Any]) -> Any:
    ((kind, value),) = told.items()
    return int(value) if kind == "intValue" else value
