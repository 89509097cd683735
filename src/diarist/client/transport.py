"""Between our requests and httpx's: built, read, and their failures translated, the same with and without an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import httpx

from diarist.client.errors import AnswerCut, ServerUnreachable, UnexpectedAnswer
from diarist.client.steps import Answer, Request

_SLICE = 128 << 10
"""Bytes of a body between two reports of how much has left."""


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Bytes that leave slice by slice, each reported."""

    def __init__(self, content: bytes, on_sent: Callable[[int], None]) -> None:
        self._content, self._on_sent = content, on_sent

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), _SLICE):
            piece = self._content[start : start + _SLICE]
            yield piece
            self._on_sent(start + len(piece))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def built(http: httpx.Client | httpx.AsyncClient, request: Request) -> httpx.Request:
    """As httpx sends it."""
    usual = http.timeout
    patience = usual.read if request.patience is None else request.patience
    timeout = httpx.Timeout(connect=usual.connect, read=patience, write=usual.write, pool=usual.pool)
    made = http.build_request(
        request.method, request.path, params=dict(request.query) or None, headers=dict(request.headers),
        content=request.body or None, timeout=timeout,
    )  # fmt: skip
    if request.body and request.on_sent:
        made.stream = Body(request.body, request.on_sent)
    return made


def answer_of(response: httpx.Response, body: bytes = b"") -> Answer:
    """What has come."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status_code, headers=headers, body=body)


@contextmanager
def translated(http: httpx.Client | httpx.AsyncClient) -> Iterator[None]:
    """Whatever httpx raises within, as errors of ours."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise ServerUnreachable(f"{http.base_url.host} cannot be reached: {_told(error)}") from error
    except httpx.TransportError as error:
        raise AnswerCut(f"{http.base_url.host} did not answer to the end: {_told(error)}") from error
    except httpx.RequestError as error:
        raise UnexpectedAnswer(f"{http.base_url.host} answered something that cannot be read: {_told(error)}") from error


def _told(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
