"""Reads streams of server-sent events in tests, as written in HTML 9.2.6."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Sent:
    """One event."""

    kind: str
    data: dict[str, Any]
    id: str | None


@dataclass
class Stream:
    """An open stream."""

    response: httpx.Response
    retry: list[int] = field(default_factory=list)
    comments: int = 0

    def __iter__(self) -> Iterator[Sent]:
        event: dict[str, str] = {}
        for line in self.response.iter_lines():
            if line.startswith(":"):
                self.comments += 1
            elif line:
                name, _, value = line.partition(": ")
                if name == "retry":
                    self.retry.append(int(value))
                else:
                    event[name] = value
            elif "data" in event:
                yield Sent(event["event"], json.loads(event["data"]), event.get("id"))
                event = {}

    def until(self, kind: str) -> list[Sent]:
        """The events up to and with the first of this kind."""
        found = []
        for event in self:
            found.append(event)
            if event.kind == kind:
                return found
        raise AssertionError(f"the stream ended before {kind}: {[event.kind for event in found]}")


@contextmanager
def streaming(client: httpx.Client, path: str = "/v1/events", after: str | None = None) -> Iterator[Stream]:
    """A stream that is open, and goes on after an id."""
    headers = {} if after is None else {"Last-Event-ID": after}
    with client.stream("GET", path, headers=headers) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(response)
