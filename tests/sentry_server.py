"""A Sentry for tests: takes in envelopes by HTTP, as develop.sentry.dev describes them, and keeps them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from threaded_server import serving


@dataclass(slots=True)
class SentryServer:
    """What it was sent."""

    dsn: str = ""
    raw: list[bytes] = field(default_factory=list)
    """Whole requests: head and body, unpacked."""
    envelopes: list[bytes] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Of all envelopes."""
        found = []
        for envelope in self.envelopes:
            _, *rest = envelope.split(b"\n")
            for head, body in zip(rest[::2], rest[1::2], strict=False):
                if head and json.loads(head)["type"] == "event":
                    found.append(json.loads(body))
        return found


@contextmanager
def sentry_server() -> Iterator[SentryServer]:
    """One on 127.0.0.1, for the project 1."""
    taken = SentryServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            envelope = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            good = self.path == "/api/1/envelope/" and "sentry_key=public" in self.headers.get("X-Sentry-Auth", "")
            taken.raw.append(str(self.headers).encode() + envelope)
            if good:
                taken.envelopes.append(envelope)
            self.send_response(200 if good else 403)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    with serving(Handler) as port:
        taken.dsn = f"http://public@127.0.0.1:{port}/1"
        yield taken
