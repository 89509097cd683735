"""Routes that may be asked twice: with an `Idempotency-Key`, the second request gets the first one's answer.

A failure is not kept: it left nothing behind, and the key may be used again. A key whose process died is free after
`idempotency_store.LEASE`; the request is then made again, which is harmless because the same bytes are one recording.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.errors import Unavailable
from diarist.http import idempotency_store as store
from diarist.http.content_type import media_type_of
from diarist.http.errors import IdempotencyKeyInUse, IdempotencyKeyReused, InvalidRequest
from diarist.http.openapi import problems

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[!-~]{1,255}")
_RENEW = 20.0
"""Seconds between signs of life of a request that runs."""
_PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A name of the client's own for this request. Sent again with the same key, the request is not made again "
    f"but gets the same answer, with `{REPLAYED}: true`. A file is told by its size, its content by its hash.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}

log = structlog.get_logger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class IdempotentRoute(APIRoute):
    """A route whose POST understands the key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if "POST" in (options.get("methods") or ()):
            extra = options.get("openapi_extra") or {}
            known = extra.get("parameters", [])
            # A router that is included makes its routes again.
            if _PARAMETER not in known:
                options["openapi_extra"] = {**extra, "parameters": [*known, _PARAMETER]}
                described = problems(IdempotencyKeyInUse, IdempotencyKeyReused)
                options["responses"] = {**described, **(options.get("responses") or {})}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method != "POST":
                return await answer(request)
            if not _KEY.fullmatch(key):
                raise InvalidRequest(f"`{HEADER}` must be 1 to 255 visible ASCII characters")
            return await _answered_once(request, key, answer)

        return once


async def fingerprint(request: Request) -> str:
    """Tells this request from another.

    A body that streams is told by its size alone: it must not be read twice, and the hash of its content says the rest.
    """
    headers = request.headers
    media_type = media_type_of(headers)
    told = [request.method, request.url.path, request.url.query, media_type]
    if media_type == "application/json":
        told.append(hashlib.sha256(await request.body()).hexdigest())
    else:
        told.append(headers.get("content-length", ""))
    told += sorted(f"{name}: {value}" for name, value in headers.items() if name.startswith("upload-"))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


async def _answered_once(request: Request, key: str, answer: Handler) -> Response:
    runtime = request.state.runtime
    database: Database = runtime.database
    expires_at = utc_now() + timedelta(seconds=runtime.settings.uploads.keep_answers)
    asked = store.Asked(request.state.caller.account_id, key, await fingerprint(request))
    claimed = await store.claim(database, asked, expires_at)
    if isinstance(claimed, store.Answer):
        return Response(claimed.body, claimed.status, {**claimed.headers, REPLAYED: "true"})
    try:
        async with _alive(database, claimed):
            response = await answer(request)
    except BaseException:
        await store.release(database, claimed)
        raise
    if response.status_code >= 400:  # noqa: PLR2004 - the class of client errors
        await store.release(database, claimed)
        return response
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    try:
        await store.keep(database, claimed, store.Answer(response.status_code, headers, bytes(response.body)))
    except Unavailable as error:
        # What was done is done, and the client shall know it.
        log.warning("idempotency.answer_not_kept", reason=error.message)
    return response


@asynccontextmanager
async def _alive(database: Database, token: UUID) -> AsyncIterator[None]:
    async def renew() -> None:
        while True:
            await asyncio.sleep(_RENEW)
            try:
                await store.renew(database, token)
            except Unavailable as error:
                log.warning("idempotency.not_renewed", reason=error.message)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
