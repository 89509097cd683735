"""Bounds how often one key, one person and one address may ask, and tells them in every answer what is left."""

from __future__ import annotations

import math
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

from diarist.domain.access import Caller
from diarist.http.errors import TooManyRequests
from diarist.http.rate_counts import Counts
from diarist.http.rates import Rate, Verdict
from diarist.settings import HttpSettings
from diarist.settings.access import LimitSettings
from diarist.telemetry.metrics.http import HttpMetrics


class RateLimits:
    """The limits of an API."""

    def __init__(self, counts: Counts, settings: LimitSettings, metrics: HttpMetrics) -> None:
        self._counts = counts
        self._metrics = metrics
        self._asked = Rate(settings.requests_per_minute) if settings.requests_per_minute else None
        self._refused = Rate(settings.refusals_per_minute) if settings.refusals_per_minute else None

    async def asked(self, caller: Caller) -> Verdict | None:
        """Somebody who was let in asks; None for those without a limit. Raises `TooManyRequests`.

        A person is one, with however many browsers; who sits at this machine has no limit.
        """
        who = caller.key_id or caller.user_id
        if who is None or self._asked is None:
            return None
        return self._within("asked", await self._counts.count(who.hex, self._asked))

    async def refused(self, address: str) -> None:
        """Somebody from there was not let in, or tries to sign in; raises `TooManyRequests` when it is once too often."""
        if self._refused is None:
            return
        self._within("refused", await self._counts.count(f"from:{address}", self._refused))

    def _within(self, limit: str, verdict: Verdict) -> Verdict:
        if not verdict.allowed:
            self._metrics.rate_limited.add(limit)
            raise TooManyRequests(verdict)
        return verdict


def address_of(scope: Scope, settings: HttpSettings) -> str:
    """Where a request comes from: its connection, or what proxies say that are trusted, the nearest one last."""
    address = (scope.get("client") or ("",))[0]
    forwarded = [part.strip() for line in Headers(scope=scope).getlist("x-forwarded-for") for part in line.split(",")]
    while forwarded and _is_trusted(address, settings):
        address = forwarded.pop()
    return str(address)


def _is_trusted(address: str, settings: HttpSettings) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.trusted_proxies)


def telling(send: Send, verdict: Verdict) -> Send:
    """Say in the answer what is left (draft-ietf-httpapi-ratelimit-headers-07, whose fields clients know)."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["RateLimit-Policy"] = f"{verdict.rate.limit};w={math.ceil(verdict.rate.seconds)}"
            headers["RateLimit-Limit"] = str(verdict.rate.limit)
            headers["RateLimit-Remaining"] = str(verdict.remaining)
            headers["RateLimit-Reset"] = str(verdict.reset)
        await send(message)

    return told
