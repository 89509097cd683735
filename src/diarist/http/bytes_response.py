"""Answers with bytes of known length: whole, in part, or not at all when the client has them (RFC 9110, 13 and 14)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from diarist.http.content_disposition import content_disposition
from diarist.http.ranges import client_has_it, range_still_holds, requested_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Immutable bytes that can be read from anywhere."""

    size: int
    sha256: str
    media_type: str
    filename: str
    stream: Callable[[int, int], AsyncIterator[bytes]]
    """From the first byte to the one after the last."""


def bytes_response(request: Request, content: Content) -> Response:
    """The answer to GET or HEAD; raises `RangeNotSatisfiable`."""
    etag = f'"{content.sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        # Kept by the client alone, and asked for again each time: what was deleted here shall not be served by a cache.
        "Cache-Control": "private, no-cache",
    }
    if client_has_it(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = content_disposition(content.filename)
    wanted = None
    # A range is defined for GET alone.
    if request.method == "GET" and range_still_holds(request.headers.get("if-range"), etag):
        wanted = requested_range(request.headers.get("range"), content.size)
    start, end = wanted or (0, content.size)
    headers["Content-Length"] = str(end - start)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
    if request.method == "HEAD":
        return Response(headers=headers, media_type=content.media_type)
    return StreamingResponse(content.stream(start, end), 206 if wanted else 200, headers, media_type=content.media_type)
