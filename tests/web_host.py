"""A host of the web for tests: a real socket on 127.0.0.1 that answers as badly as a test wants it to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Host:
    """Where it listens, and what it was asked."""

    port: int = 0
    requests: list[str] = field(default_factory=list)
    """Heads of the requests, in order."""

    def url(self, path: str = "/", scheme: str = "http", name: str = "127.0.0.1") -> str:
        return f"{scheme}://{name}:{self.port}{path}"


def head(status: str = "200 OK", **headers: str) -> bytes:
    """The head of an answer; `content_length` becomes `content-length`."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode()


def sends(*parts: bytes) -> Answer:
    """An answer that is written as it stands, and then the connection ends."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return answer


@asynccontextmanager
async def hosting(pages: dict[str, Answer], tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    """A host with these answers by path; a path that it does not know is answered 404."""
    host = Host()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        host.requests.append(request)
        await pages.get(request.split(" ", 2)[1].partition("?")[0], sends(head("404 Not Found")))(writer)

    async with connected_to(answer, tls) as host.port:
        yield host


@asynccontextmanager
async def connected_to(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """The port where each connection is answered; those that are left when the block ends are cut."""
    under_way = set[asyncio.Task[None]]()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def serve() -> None:
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                    await answer(reader, writer)
            finally:
                writer.close()

        task = asyncio.create_task(serve())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in [*under_way]:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await server.wait_closed()
