"""Lets requests in: who sent them is found out, and whether they may do it, before anything of them is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from diarist.domain.access import Caller
from diarist.errors import DiaristError
from diarist.http.errors import MissingPermission, Unauthenticated
from diarist.http.permissions import needed
from diarist.http.problem import refuse

KEY_HEADER = "X-API-Key"
_SCHEMES = frozenset({"bearer", "token"})
"""`Token` is what clients of Deepgram send."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request shows of its sender."""

    key: str | None = None
    forwarded: bool = False
    """Whether it came by way of a proxy, so that its sender may be anywhere."""


class Door(Protocol):
    """Knows who is who."""

    async def caller(self, credentials: Credentials) -> Caller | None:
        """Who that is; None when nobody is let in by these."""


def credentials_of(headers: Headers) -> Credentials:
    """What the headers show; of several keys, that of `Authorization`."""
    scheme, _, given = headers.get("authorization", "").strip().partition(" ")
    key = given.strip() if scheme.lower() in _SCHEMES else headers.get(KEY_HEADER, "").strip()
    return Credentials(key=key or None, forwarded=any(name in headers for name in _FORWARDED))


class Authenticate:
    """Refuses requests whose sender is not known or may not do that; of others, tells who they are.

    The state of the app holds the `door`. Behind it, that of a request holds `caller` and `account_id`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        permission = needed(scope.get("method", "GET"), scope["path"])
        if permission is not None:
            try:
                caller = await _caller(scope)
                if permission not in caller.permissions:
                    raise MissingPermission(permission)
            except DiaristError as error:
                await refuse(error, scope, receive, send)
                return
            scope["state"] |= {"caller": caller, "account_id": caller.account_id}
        await self._app(scope, receive, send)


async def _caller(scope: Scope) -> Caller:
    door: Door = scope["state"]["door"]
    caller = await door.caller(credentials_of(Headers(scope=scope)))
    if caller is None:
        raise Unauthenticated
    return caller
