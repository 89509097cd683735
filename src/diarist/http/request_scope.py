"""One request from its first byte to its last: its id, its line in the log, and the answer when nobody else has one."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import AbstractContextManager

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diarist.database.base import new_id
from diarist.errors import DiaristError, Unavailable
from diarist.errors.origin import origin_of
from diarist.http.matched import pattern_of
from diarist.http.problem import problem_response
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import NOTHING, Kind, Span, part

HEADER = "X-Request-ID"
TRACE_HEADER = "X-Trace-ID"
_NO_NEWS = ("/health/", "/metrics")
"""Paths that are asked again and again by machines; there is nothing to see in a trace of it."""
_SANE = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}")

log = structlog.get_logger(__name__)


def request_id(given: str | None) -> str:
    """The client's own id if it can stand in a log, else a fresh one."""
    return given if given is not None and _SANE.fullmatch(given) else str(new_id())


class RequestScope:
    """Binds the request's id to the log, answers with it and with its trace's, and turns unexpected errors into problems."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        own_id = request_id(headers.get(HEADER))
        with structlog.contextvars.bound_contextvars(request_id=own_id), _traced(scope, headers) as span:
            place = span.traceparent or Traceparent.new()
            scope.setdefault("state", {}).update(request_id=own_id, trace_id=place.trace_id)
            span.note({"diarist.request.id": own_id})
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._answered(scope, receive, send, span)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, span: Span) -> None:
        started, status = time.monotonic(), 0
        ids = scope["state"]

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answered = MutableHeaders(scope=message)
                answered[HEADER], answered[TRACE_HEADER] = ids["request_id"], ids["trace_id"]
            await send(message)

        unanswered: DiaristError | None = None
        try:
            await self._app(scope, receive, send_with_id)
        except ClientDisconnect:
            log.info("request.disconnected")
        except asyncio.CancelledError:
            # The server ends and has waited long enough; it would log what is raised here as a crash.
            unanswered = Unavailable("the server ends")
        except Exception as error:
            log.exception("request.crashed")
            unanswered = DiaristError()
            unanswered.origin = origin_of(error)
        if unanswered is not None and not status:
            await problem_response(Request(scope), unanswered)(scope, receive, send_with_id)
        route = pattern_of(scope)
        seconds = round(time.monotonic() - started, 4)
        span.rename(f"{scope['method']} {route}" if route else scope["method"])
        span.note({"http.response.status_code": status, **({"http.route": route} if route else {})})
        if status >= 500:  # noqa: PLR2004 - the class of server errors
            span.fail(str(status))
        log.info("request.ended", method=scope["method"], route=route, status=status, seconds=seconds)


def _traced(scope: Scope, headers: Headers) -> AbstractContextManager[Span]:
    """The part of the caller's trace, or of a new one, that is this request."""
    if scope["path"].startswith(_NO_NEWS):
        return NOTHING
    method = scope.get("method", "WEBSOCKET")
    about = {"http.request.method": method, "url.scheme": scope.get("scheme", "http")}
    return part(method, kind=Kind.SERVER, parent=Traceparent.read(headers.get("traceparent")), attributes=about)
