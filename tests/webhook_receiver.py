"""A receiver of webhooks for tests: a real socket on 127.0.0.1 that notes what it is sent, and answers what a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Network
from typing import Any

from standardwebhooks.webhooks import Webhook

from diarist.settings.webhooks import WebhookSettings
from threaded_server import serving
from web_host import connected_to

LOCAL = IPv4Network("127.0.0.1/32")
ANSWER = "HTTP/1.1 {} X\r\nContent-Length: 0\r\n{}\r\n"


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    headers: dict[str, str]
    """By names in small letters."""
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> dict[str, Any]:
        """The message, if the official library accepts its signature; raises otherwise."""
        message: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return message


@dataclass(slots=True)
class Receiver:
    """Where it listens, what it was sent, and what it answers."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """The statuses of the next answers, with header lines if any: `503`, `429\\nRetry-After: 60`; then all are 204."""
    held: asyncio.Event | None = None
    """If there is one, nothing is answered before it is set."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def settings(self, **changed: Any) -> WebhookSettings:
        """Those by which it may be sent to."""
        known = {"allow_http": True, "ports": [self.port], "private_networks": [LOCAL], "timeout": 5.0}
        return WebhookSettings(**{**known, **changed})

    def answer(self) -> bytes:
        status, _, headers = (self.answers.pop(0) if self.answers else "204").partition("\n")
        return ANSWER.format(status, f"{headers}\r\n" if headers else "").encode()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """One on the event loop of a test."""
    receiver = Receiver()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        receiver.received.append(Received(headers, await reader.readexactly(int(headers["content-length"]))))
        if receiver.held is not None:
            await receiver.held.wait()
        writer.write(receiver.answer())
        await writer.drain()

    async with connected_to(taken) as receiver.port:
        yield receiver


@contextmanager
def receiving_beside() -> Iterator[Receiver]:
    """One in a thread, for tests that have no event loop."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(headers, self.rfile.read(int(headers["content-length"]))))
            self.wfile.write(receiver.answer())

    with serving(Handler) as receiver.port:
        yield receiver
