"""Every error as `application/problem+json` (RFC 9457), and the one table from errors to statuses."""

from __future__ import annotations

import math
from typing import Annotated, Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from diarist import errors
from diarist.errors import DiaristError
from diarist.failures.failure import Context, FailureKind
from diarist.failures.noting import Failures
from diarist.http import errors as http_errors
from diarist.http.content_type import media_type_of
from diarist.http.matched import pattern_of
from diarist.telemetry.faults import is_fault

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds that a client is asked to wait before it tries again."""
_JSON = "Send JSON, with `Content-Type: application/json`."

STATUSES: dict[type[DiaristError], int] = {
    DiaristError: 500,
    errors.InvalidInput: 422,
    errors.UnsupportedAudio: 415,
    errors.TooLarge: 413,
    errors.ChecksumMismatch: 460,
    errors.NotFound: 404,
    errors.UploadGone: 410,
    errors.NotSupported: 501,
    errors.Conflict: 409,
    errors.NotAllowed: 403,
    errors.Unauthenticated: 401,
    errors.LimitReached: 429,
    errors.ProviderFailed: 503,
    errors.EngineFailed: 503,
    errors.EngineCannot: 422,
    errors.ModelUnavailable: 500,
    errors.Unavailable: 503,
    errors.StillWorking: 504,
    errors.StorageFull: 507,
    errors.SourceUnreachable: 502,
    errors.SourceTooSlow: 504,
    http_errors.MalformedRequest: 400,
    http_errors.UnsupportedMediaType: 415,
    http_errors.UnsupportedContentEncoding: 415,
    http_errors.PreconditionFailed: 412,
    http_errors.UriTooLong: 414,
    http_errors.HeadersTooLarge: 431,
    http_errors.NotAcceptable: 406,
    http_errors.RangeNotSatisfiable: 416,
    http_errors.MethodNotAllowed: 405,
    http_errors.UnsupportedVersion: 412,
    http_errors.ForeignHost: 421,
}
"""A class that is not here has the status of its nearest ancestor."""

_FOR_CLIENTS = (http_errors.NotReady, errors.StillWorking, errors.StorageFull, errors.NotSupported, errors.SourceUnreachable)
"""Server errors whose message names nothing of the inside."""

log = structlog.get_logger(__name__)


class InvalidField(BaseModel):
    """A part of the request that was not accepted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    place: str
    """`path`, `query`, `header` or `body`."""
    name: str
    message: str
    """What is wrong with it."""


class Problem(BaseModel):
    """What went wrong, what it means and what to do about it (RFC 9457)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """Names the kind of problem; the same for the same `code`."""
    title: str
    """The kind of problem in one sentence."""
    status: int
    """The HTTP status."""
    detail: str
    """This very problem, for people."""
    instance: str
    """The path that was asked for."""
    code: str
    """Stable name for machines, such as `empty_file`."""
    request_id: str
    """Also in `X-Request-ID` and in the server's log."""
    trace_id: str
    """Also in `X-Trace-ID`, in the log of whoever worked for this request, and in traces where they are collected."""
    advice: str
    """What can be done about it."""
    fields: Annotated[list[InvalidField] | None, Field(exclude_if=lambda fields: fields is None)] = None
    """The parts of the request that were not accepted, when that is what is wrong."""


def status_of(error: type[DiaristError]) -> int:
    """The HTTP status of an error's class."""
    return next(STATUSES[cls] for cls in error.__mro__ if cls in STATUSES)


def title_of(error: type[DiaristError]) -> str:
    """The first line of the class's words."""
    return (error.__doc__ or error.__name__).strip().splitlines()[0]


def problem_type(code: str) -> str:
    """The URI that names a kind of problem."""
    return f"urn:diarist:problem:{code}"


def problem_response(request: HTTPConnection, error: DiaristError, *, fields: list[InvalidField] | None = None) -> JSONResponse:
    """The answer to a request that failed; what broke inside goes to the log, not to the client."""
    ids = {"request_id": request.state.request_id, "trace_id": request.state.trace_id}
    problem = {**told(error), "instance": request.url.path, **ids, "fields": fields}
    status = problem["status"]
    if status >= 500:  # noqa: PLR2004 - the class of server errors
        log.error("request.failed", code=error.code, reason=error.message)
        _note(request, error)
    return JSONResponse(Problem(**problem).model_dump(), status, _headers(error, status), media_type=MEDIA_TYPE)


def _note(request: HTTPConnection, error: DiaristError) -> None:
    """Count what is wrong here; the private port, which machines ask again and again, has nobody who does."""
    failures: Failures | None = getattr(request.state, "failures", None)
    if failures is None or not is_fault(error) or isinstance(error, http_errors.NotReady):
        return
    caller = getattr(request.state, "caller", None)
    place = f"{request.scope.get('method', 'WEBSOCKET')} {pattern_of(request.scope) or ''}".strip()
    about = Context(
        place=place, account_id=caller.account_id if caller else None, trace_id=request.state.trace_id,
        request_id=request.state.request_id,
    )  # fmt: skip
    failures.note(error, FailureKind.REQUEST, about)


def told(error: DiaristError) -> dict[str, Any]:
    """What clients are told of an error, as a `Problem` without what belongs to the request; nothing of the inside."""
    status, title = status_of(type(error)), title_of(type(error))
    detail = error.message if status < 500 or isinstance(error, _FOR_CLIENTS) else title  # noqa: PLR2004 - server errors
    about = {"type": problem_type(error.code), "title": title, "status": status, "detail": detail}
    return {**about, "code": error.code, "advice": error.advice}


async def refuse(error: DiaristError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem instead of letting a request, or a WebSocket, in."""
    answer = problem_response(HTTPConnection(scope), error)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await answer(scope, receive, send)


def answer_errors(app: FastAPI) -> None:
    """Make the app answer every error that a route or the router raises with a problem."""
    app.add_exception_handler(DiaristError, _diarist_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _router_error)


async def _diarist_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DiaristError)  # noqa: S101 - for mypy: registered for this class
    if isinstance(error, http_errors.UnsupportedValue):
        field = InvalidField(place="body", name=error.field, message=error.message)
        return problem_response(request, error, fields=[field])
    return problem_response(request, error)


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - for mypy: registered for this class
    if any(tuple(found["loc"]) == ("body",) for found in error.errors()) and not _is_json(request):
        given = request.headers.get("content-type") or "a body without content type"
        return problem_response(request, http_errors.UnsupportedMediaType(f"{given[:80]} is not accepted here", advice=_JSON))
    # The value itself is not repeated: it may be what somebody said, or a file's name.
    fields = [
        InvalidField(place=str(found["loc"][0]), name=".".join(map(str, found["loc"][1:])), message=found["msg"])
        for found in error.errors()
    ]
    named = ", ".join(f"`{field.name}`" for field in fields)
    return problem_response(request, http_errors.InvalidRequest(f"not accepted: {named}"), fields=fields)


async def _router_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - for mypy: registered for this class
    known: dict[int, DiaristError] = {
        404: errors.NotFound("there is nothing at this address", advice="Check the path; /docs shows every request."),
        405: http_errors.MethodNotAllowed(),
        413: http_errors.BodyTooLarge(error.detail),
    }
    response = problem_response(request, known.get(error.status_code) or http_errors.MalformedRequest(error.detail))
    response.headers.update(error.headers or {})
    if error.status_code == 405:  # noqa: PLR2004 - Method Not Allowed
        # The router names the methods of the first route it found; an address has several.
        address = request.app.openapi()["paths"].get(pattern_of(request.scope))
        if address:
            response.headers["Allow"] = ", ".join(sorted(method.upper() for method in address))
    return response


def _is_json(request: Request) -> bool:
    """Whether there is a body that says it is JSON, or none."""
    kind = media_type_of(request.headers)
    empty = "transfer-encoding" not in request.headers and request.headers.get("content-length", "0") == "0"
    return empty or kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def _headers(error: DiaristError, status: int) -> dict[str, Any]:
    if isinstance(error, http_errors.RangeNotSatisfiable):
        return {"Content-Range": f"bytes */{error.size}"}
    if isinstance(error, http_errors.UnsupportedContentEncoding):
        return {"Accept-Encoding": "identity"}  # RFC 9110, 12.5.3: what would be accepted
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="diarist"'}
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        return {} if error.retry_after is None else {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    wait = status == 503 or isinstance(error, http_errors.IdempotencyKeyInUse)  # noqa: PLR2004 - Service Unavailable
    return {"Retry-After": str(RETRY_AFTER)} if wait else {}
