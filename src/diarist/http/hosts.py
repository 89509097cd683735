"""Answers only requests that were made for this server: a web page must not reach a local one by a name of its own."""

from __future__ import annotations

import ipaddress
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from diarist.errors import NotAllowed
from diarist.http.errors import ForeignHost, ForeignOrigin
from diarist.http.problem import refuse
from diarist.settings import HttpSettings


def allowed_names(settings: HttpSettings) -> frozenset[str]:
    """The host names that are answered: those of the settings and the server's own, unless that one means any."""
    own = {name for name in (settings.host, urlsplit(settings.public_url).hostname) if name and not _means_any(name)}
    return frozenset(name for name in map(host_name, {*settings.allowed_hosts, *own}) if name)


def only_for_this_machine(settings: HttpSettings) -> bool:
    """Whether nobody but the programs of this machine is meant to be answered: neither the address nor a name is for others."""
    return _is_loopback(settings.host) and all(map(_is_loopback, allowed_names(settings)))


def refusal(host: str | None, origin: str | None, allowed: AbstractSet[str]) -> NotAllowed | None:
    """Why a request with these headers is not answered, or None when it is."""
    if host_name(host or "") not in allowed:
        return ForeignHost()
    if origin is not None and _origin_name(origin) not in allowed:
        return ForeignOrigin()
    return None


def host_name(authority: str) -> str | None:
    """The name in `name:port`, in lower case, without the brackets of IPv6; None when there is none."""
    if _is_address(authority):
        return authority.lower()
    try:
        parts = urlsplit(f"//{authority}")
    except ValueError:
        return None
    return (parts.hostname or "").lower() if parts.netloc == authority and parts.username is None else None


class OnlyKnownHosts:
    """Refuses requests with a foreign `Host` or `Origin`, before anything of them is read."""

    def __init__(self, app: ASGIApp, allowed: AbstractSet[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            refused = refusal(headers.get("host"), headers.get("origin"), self._allowed)
            if refused is not None:
                await refuse(refused, scope, receive, send)
                return
        await self._app(scope, receive, send)


def _origin_name(origin: str) -> str | None:
    scheme, separator, authority = origin.partition("://")
    return host_name(authority) if separator and scheme.lower() in {"http", "https"} else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    bare = name.strip("[]").lower()
    return bare == "localhost" or (_is_address(bare) and ipaddress.ip_address(bare).is_loopback)


def _means_any(name: str) -> bool:
    bare = name.strip("[]")
    return _is_address(bare) and ipaddress.ip_address(bare).is_unspecified
