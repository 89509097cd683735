"""One request from its first byte to its last: its id, its line in the log, and the answer when nobody else has one."""

from __future__ import annotations

import asyncio
import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diarist.database.base import new_id
from diarist.errors import DiaristError, Unavailable
from diarist.http.problem import problem_response

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._~+/=-]{1,128}")

log = structlog.get_logger(__name__)


def request_id(given: str | None) -> str:
    """The client's own id if it can stand in a log, else a fresh one."""
    return given if given is not None and _SANE.fullmatch(given) else str(new_id())


class RequestScope:
    """Binds the request's id to the log, answers with it, and turns unexpected errors into problems."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        own_id = request_id(Headers(scope=scope).get(HEADER))
        scope.setdefault("state", {})["request_id"] = own_id
        if scope["type"] == "websocket":
            with structlog.contextvars.bound_contextvars(request_id=own_id):
                await self._app(scope, receive, send)
            return
        started, status = time.monotonic(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = own_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=own_id):
            unanswered: DiaristError | None = None
            try:
                await self._app(scope, receive, send_with_id)
            except ClientDisconnect:
                log.info("request.disconnected")
            except asyncio.CancelledError:
                # The server ends and has waited long enough; it would log what is raised here as a crash.
                unanswered = Unavailable("the server ends")
            except Exception:
                log.exception("request.crashed")
                unanswered = DiaristError()
            if unanswered is not None and not status:
                await problem_response(Request(scope), unanswered)(scope, receive, send_with_id)
            # The route's pattern, not the path: a path may hold whatever a person typed.
            route = getattr(scope.get("route"), "path", None)
            seconds = round(time.monotonic() - started, 4)
            log.info("request.ended", method=scope["method"], route=route, status=status, seconds=seconds)
