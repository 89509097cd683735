"""A response that goes on: server-sent events (HTML, 9.2), as long as there are any and somebody reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

MEDIA_TYPE = "text/event-stream"
HEARTBEAT = b": still here\n\n"
"""A comment; readers pass over it, and proxies see that the connection is used."""


def come_back(seconds: float) -> bytes:
    """How long a reader waits before it connects again."""
    return b"retry: %d\n\n" % round(seconds * 1000)


class EventStream(Response):
    """Sends pieces as they come."""

    media_type = MEDIA_TYPE
    charset = "utf-8"

    def __init__(self, pieces: Callable[[], AsyncIterator[bytes]], on_gone: Callable[[], None]) -> None:
        """`pieces` begins when the response does; `on_gone` is called when the reader has gone, and lets the pieces end."""
        super().__init__(headers={"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._pieces, self._on_gone = pieces, on_gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Until there are no more pieces, or nobody who reads them."""
        # The first piece first: what it raises is still answered with a problem.
        pieces = self._pieces()
        async with aclosing(pieces):  # type: ignore[type-var]  # an async generator, by its other name
            first = await anext(pieces)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            watching = asyncio.create_task(self._watch(receive))
            try:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._on_gone()
