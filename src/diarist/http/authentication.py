"""Lets requests in: who sent them is found out, and whether they may do it, before anything of them is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from diarist.domain.access import Caller
from diarist.errors import DiaristError, Unauthenticated
from diarist.http.cookies import SESSION, cookie_name
from diarist.http.errors import MissingPermission, TooManyRequests
from diarist.http.permissions import SAFE, needed
from diarist.http.problem import refuse
from diarist.http.rate_limit import RateLimits, address_of, telling
from diarist.settings import HttpSettings

KEY_HEADER = "X-API-Key"
CSRF_HEADER = "X-CSRF-Token"
KEY_PROTOCOL = "diarist.key."
"""What a browser offers as a subprotocol, with the key behind it: on a WebSocket it can send no header of its own."""
_SCHEMES = frozenset({"bearer", "token"})
"""`Token` is what clients of Deepgram send."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request shows of its sender."""

    key: str | None = None
    session: str | None = None
    """The secret in the cookie of a browser."""
    csrf: str | None = None
    """What only a page of ours can have told, by which it shows that it, and not another page, asks for this."""
    changes: bool = False
    """Whether it asks for more than to look."""
    forwarded: bool = False
    """Whether it came by way of a proxy, so that its sender may be anywhere."""


class Door(Protocol):
    """Knows who is who."""

    async def caller(self, credentials: Credentials) -> Caller | None:
        """Who that is; None when nobody is let in by these. Raises `MissingCsrfToken`."""

    def forget(self, credentials: Credentials) -> None:
        """Ask anew who that is, the next time."""


def credentials_of(headers: Headers, method: str = "GET", cookie: str = SESSION) -> Credentials:
    """What the headers show; of several keys, that of `Authorization`. `cookie`: the name of that of sessions."""
    scheme, _, given = headers.get("authorization", "").strip().partition(" ")
    key = given.strip() if scheme.lower() in _SCHEMES else headers.get(KEY_HEADER, "").strip() or _offered(headers)
    return Credentials(
        key=key or None,
        session=cookie_parser(headers.get("cookie", "")).get(cookie) or None,
        csrf=headers.get(CSRF_HEADER),
        changes=method not in SAFE,
        forwarded=any(name in headers for name in _FORWARDED),
    )


def _offered(headers: Headers) -> str:
    protocols = (name.strip() for line in headers.getlist("sec-websocket-protocol") for name in line.split(","))
    return next((name.removeprefix(KEY_PROTOCOL) for name in protocols if name.startswith(KEY_PROTOCOL)), "")


class Authenticate:
    """Refuses requests whose sender is not known or may not do that; of others, tells who they are.

    The state of the app holds the `door` and the `limits`. Behind it, that of a request holds the `caller` and the `credentials`.
    """

    def __init__(self, app: ASGIApp, settings: HttpSettings) -> None:
        self._app, self._settings = app, settings
        self._cookie = cookie_name(SESSION, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        permission = needed(scope.get("method", "GET"), scope["path"])
        try:
            if permission is not None:
                # From here on also a refusal tells how often may be asked.
                send = await self._let_in(scope, send)
                if permission not in scope["state"]["caller"].permissions:
                    raise MissingPermission(permission)
            elif scope["path"].startswith("/auth/"):
                await scope["state"]["limits"].refused(address_of(scope, self._settings))
        except DiaristError as error:
            await refuse(error, scope, receive, telling(send, error.verdict) if isinstance(error, TooManyRequests) else send)
            return
        await self._app(scope, receive, send)

    async def _let_in(self, scope: Scope, send: Send) -> Send:
        """Put into the request's state who asks; what is sent from then on tells how often they may."""
        door: Door = scope["state"]["door"]
        limits: RateLimits = scope["state"]["limits"]
        shown = credentials_of(Headers(scope=scope), scope.get("method", "GET"), self._cookie)
        scope["state"]["credentials"] = shown
        caller = await door.caller(shown)
        if caller is None:
            await limits.refused(address_of(scope, self._settings))
            raise Unauthenticated
        verdict = await limits.asked(caller)
        scope["state"]["caller"] = caller
        return send if verdict is None else telling(send, verdict)
