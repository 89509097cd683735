"""A receiver of webhooks for tests: a real socket on 127.0.0.1 that notes what it is sent, and answers what a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Network
from threading import Thread
from typing import Any

from standardwebhooks.webhooks import Webhook

from diarist.settings.webhooks import WebhookSettings

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
    receiver, under_way = Receiver(), set[asyncio.Task[None]]()

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        receiver.received.append(Received(headers, await reader.readexactly(int(headers["content-length"]))))
        if receiver.held is not None:
            await receiver.held.wait()
        writer.write(receiver.answer())
        await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await taken(reader, writer)
        finally:
            writer.close()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in [*under_way]:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await server.wait_closed()


@contextmanager
def receiving_beside() -> Iterator[Receiver]:
    """One in a thread, for tests that have no event loop."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(headers, self.rfile.read(int(headers["content-length"]))))
            self.wfile.write(receiver.answer())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
