"""Hears what Alertmanager sends by webhook, and to which of its receivers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from threaded_server import serving


@dataclass(frozen=True, slots=True)
class Told:
    """One alert of one notification."""

    receiver: str
    status: str
    """`firing` or `resolved`."""
    labels: dict[str, str]
    annotations: dict[str, str]


@dataclass(slots=True)
class AlertReceiver:
    """Where it listens, and what it was told."""

    port: int = 0
    told: list[Told] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def find(self, status: str, **labels: str) -> Told | None:
        """The first that has these labels."""
        return next((one for one in self.told if one.status == status and labels.items() <= one.labels.items()), None)


@contextmanager
def alert_receiver() -> Iterator[AlertReceiver]:
    """One in a thread, until the block ends."""
    receiver = AlertReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
            receiver.told.extend(
                Told(self.path.strip("/"), one["status"], one["labels"], one["annotations"]) for one in message["alerts"]
            )
            self.send_response(200)
            self.end_headers()

    with serving(Handler) as receiver.port:
        yield receiver
