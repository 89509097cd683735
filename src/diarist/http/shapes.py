"""Problems in other people's words: under the paths of another tool's API every error has the shape that its clients read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diarist.http.problem import MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Shape:
    """How errors look under some paths."""

    paths: re.Pattern[str]
    """Whole paths."""
    translate: Callable[[Mapping[str, Any]], tuple[int, Any]]
    """From a problem as JSON, see `problem.Problem`, to a status and another JSON."""


def refusals(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route under such paths: errors of every status that a guard or the router may answer with."""
    common = (400, 401, 403, 413, 414, 415, 421, 422, 429, 431, 500, 503)
    named: dict[int | str, dict[str, Any]] = {
        status: {"model": model, "description": f"{HTTPStatus(status).phrase}."} for status in common
    }
    return {**named, "default": {"model": model, "description": "Any other error."}}


class ForeignShapes:
    """Translates problems on their way out, whoever has answered with them: a route, the router, or a guard before both."""

    def __init__(self, app: ASGIApp, shapes: Sequence[Shape]) -> None:
        self._app = app
        self._shapes = shapes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shape = next((one for one in self._shapes if scope["type"] == "http" and one.paths.fullmatch(scope["path"])), None)
        await self._app(scope, receive, _Translated(shape, send) if shape else send)


class _Translated:
    """Holds a problem back until it is whole; lets all else pass."""

    def __init__(self, shape: Shape, send: Send) -> None:
        self._shape, self._send = shape, send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_problem(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._answer(self._start)

    async def _answer(self, start: Message) -> None:
        status, answer = self._shape.translate(json.loads(self._body))
        body = json.dumps(answer, ensure_ascii=False).encode()
        headers = MutableHeaders(raw=[*start["headers"]])
        headers["content-type"], headers["content-length"] = "application/json", str(len(body))
        await self._send({**start, "status": status, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_problem(start: Message) -> bool:
    return (b"content-type", MEDIA_TYPE.encode()) in start["headers"]
