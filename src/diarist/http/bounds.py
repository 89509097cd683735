"""Bounds of a request: its address, its headers, and its body unless that is a file, which has bounds of its own."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diarist.errors import DiaristError
from diarist.http.errors import HeadersTooLarge, UnsupportedContentEncoding, UriTooLong
from diarist.http.problem import refuse

LONGEST_URI = 32 * 1024
"""Bytes of path and query as they are sent: a hundred names in letters of four bytes, each written with twelve characters."""
MOST_HEADERS = 32 * 1024
"""Bytes of all headers, names and values."""
MOST_BODY = 8 * 1024 * 1024
"""Bytes of a body that is read whole: an entry of a thousand long sentences, all edited at once."""
_UNBOUND = "body_is_a_file"
_NO_ENCODING = frozenset({"", "identity"})


class Bounds:
    """Refuses what is too long before anybody looks at it, and ends the reading of a body that is too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        error = refusal(scope)
        if error is not None:
            await refuse(error, scope, receive, send)
            return
        await self._app(scope, _bounded(scope, receive) if scope["type"] == "http" else receive, send)


def refusal(scope: Scope) -> DiaristError | None:
    """Why a request is not even looked at, or None when it is."""
    headers = Headers(scope=scope)
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_URI:
        return UriTooLong(f"an address may have {LONGEST_URI:,} bytes")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
        return HeadersTooLarge(f"all headers together may have {MOST_HEADERS:,} bytes")
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in _NO_ENCODING:
        # Nothing here unpacks bodies, so that no small one can become a large one.
        return UnsupportedContentEncoding()
    return None


def takes_a_file(connection: HTTPConnection) -> None:
    """From now on the body is read piece by piece, and bounded by whoever reads it."""
    connection.scope[_UNBOUND] = True


def _bounded(scope: Scope, receive: Receive) -> Receive:
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BODY and not scope.get(_UNBOUND):
            # As the framework's own error: whatever else is raised while it reads a body, it takes for a broken one.
            raise HTTPException(413, f"the body of such a request may have {MOST_BODY:,} bytes")
        return message

    return bounded
