"""Counts what is asked and how it is answered, in one place for all routes."""

from __future__ import annotations

import time

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diarist.http.matched import pattern_of
from diarist.telemetry.metrics.catalogue import OTHER
from diarist.telemetry.metrics.http import HttpMetrics

UNMATCHED = "unmatched"
"""Stands for all paths that no route has."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CUT_OFF, _CRASHED = 499, 500
"""Whoever asked had gone before there was an answer (the number is nginx's); and what is answered by `RequestScope`."""


class Measured:
    """Inside of what gives requests their trace, and outside of everything else that may answer."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._request(scope, receive, send)
            case "websocket":
                await self._socket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        metrics, started, status, streaming = self._metrics, time.perf_counter(), _CRASHED, False

        async def counted(message: Message) -> None:
            nonlocal status, streaming
            if message["type"] == "http.response.start":
                status = message["status"]
                if streaming := _is_stream(message):
                    metrics.in_flight.add(by=-1)
                    metrics.streams.add("sse")
                    self._answered(scope, status, started)
            await send(message)

        metrics.in_flight.add()
        try:
            await self._app(scope, receive, counted)
        except ClientDisconnect:
            status = _CUT_OFF if status == _CRASHED else status
            raise
        finally:
            if streaming:
                metrics.streams.add("sse", by=-1)
            else:
                metrics.in_flight.add(by=-1)
                self._answered(scope, status, started)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        open_now = False

        async def counted(message: Message) -> None:
            nonlocal open_now
            if message["type"] == "websocket.accept":
                self._metrics.streams.add("websocket")
                open_now = True
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            if open_now:
                self._metrics.streams.add("websocket", by=-1)

    def _answered(self, scope: Scope, status: int, started: float) -> None:
        route = pattern_of(scope) or UNMATCHED
        method = scope["method"] if scope["method"] in _METHODS else OTHER
        self._metrics.requests.add(method, route, f"{status // 100}xx")
        self._metrics.seconds.observe(time.perf_counter() - started, method, route)


def _is_stream(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in message["headers"])
