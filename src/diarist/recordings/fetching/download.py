"""Fetches what is at an address of the web, as a stream, so that neither its host nor its contents can do harm.

The host's name is resolved once, what it resolves to is checked, and the connection is made to exactly that: a name that
means something else a moment later changes nothing. Each redirect goes through the same. Nothing is unpacked, no proxy of the
environment is used, and there is nowhere for a cookie to be kept.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from diarist import __version__
from diarist.errors import NotGiven, SourceTooSlow, SourceUnreachable, TooLarge
from diarist.recordings.fetching.naming import name_in_disposition, name_in_path
from diarist.recordings.fetching.resolving import Resolver, ask_the_system, resolve
from diarist.recordings.fetching.targets import Target, check, redirected
from diarist.settings import ImportSettings

MAX_REDIRECTS = 5
MAX_ADDRESSES = 4
"""Of one host that are tried, one after the other."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": f"diarist/{__version__}",
    "Accept": "audio/*, video/*;q=0.9, */*;q=0.1",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What is at an address."""

    filename: str
    """For people; empty when nothing names it."""
    size_bytes: int | None
    """As the host claims; it may be lying."""
    pieces: AsyncIterator[bytes]
    """The bytes, to be read once. Raises `SourceUnreachable` and `SourceTooSlow`."""


@asynccontextmanager
async def download(
    url: str,
    settings: ImportSettings,
    max_bytes: int,
    *,
    resolver: Resolver = ask_the_system,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Download]:
    """Open what is at an address; the connection is closed with the context.

    More than `max_bytes` are only refused here if the host says so: who reads the pieces has to count them. Raises
    `AddressRefused`, `NotGiven`, `TooLarge`, `SourceUnreachable`, `SourceTooSlow`.
    """
    deadline = asyncio.get_running_loop().time() + settings.max_seconds
    first = target = check(url, settings)
    security = tls or _trusted()
    for _ in range(MAX_REDIRECTS + 1):
        async with AsyncExitStack() as stack:
            response = await _asked(target, settings, resolver, security, stack)
            if response.status_code not in _REDIRECTS:
                yield Download(
                    filename=name_in_disposition(response.headers.get("content-disposition", ""))
                    or name_in_path(first.url.raw_path.decode("ascii").partition("?")[0]),
                    size_bytes=_accepted(response, target, max_bytes),
                    pieces=_pieces(response, target, settings, deadline),
                )
                return
            target = redirected(target, response.headers.get("location", ""), settings)
    raise NotGiven(f"{first.host} sends us in circles: more than {MAX_REDIRECTS} redirects")


async def _asked(
    target: Target, settings: ImportSettings, resolver: Resolver, tls: ssl.SSLContext, stack: AsyncExitStack
) -> httpx.Response:
    """The head of the answer, from the first of the host's addresses that takes a connection."""
    failed: Exception | None = None
    for address in (await resolve(target, settings, resolver))[:MAX_ADDRESSES]:
        # The certificate has to be one for the name, though it is an address that is connected to.
        extensions = {
            "sni_hostname": target.host,
            "timeout": httpx.Timeout(settings.idle_seconds, connect=settings.connect_seconds).as_dict(),
        }
        headers = {"Host": target.host_header, **_HEADERS}
        request = httpx.Request("GET", target.pinned(address), headers=headers, extensions=extensions)
        # A transport alone: a client would keep cookies, follow redirects and look into the environment.
        transport = await stack.enter_async_context(httpx.AsyncHTTPTransport(verify=tls, trust_env=False))
        try:
            async with asyncio.timeout(settings.connect_seconds + settings.idle_seconds):
                response = await transport.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise SourceTooSlow(f"{target.host} did not answer within {settings.idle_seconds:g} s") from error
        except httpx.HTTPError as error:
            raise SourceUnreachable(f"{target.host} does not speak HTTP as it should") from error
        else:
            stack.push_async_callback(response.aclose)
            return response
    if isinstance(failed, httpx.ConnectTimeout):
        raise SourceTooSlow(f"{target.host} took no connection within {settings.connect_seconds:g} s") from failed
    raise SourceUnreachable(f"no connection to {target.host}: {failed or 'refused'}") from failed


def _accepted(response: httpx.Response, target: Target, max_bytes: int) -> int | None:
    """The size that the host claims, if the answer can be a recording; raises `NotGiven` or `TooLarge`."""
    if response.status_code != httpx.codes.OK:
        raise NotGiven(f"{target.host} answered {response.status_code}, not with a recording")
    if response.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise NotGiven(f"{target.host} sends it packed, though that was not asked for")
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise NotGiven(
            f"{target.host} answered with a web page, not with a recording",
            advice="Give the address of the audio file itself, such as the one behind a page's download button.",
        )
    claimed = response.headers.get("content-length", "")
    if not claimed.isdecimal():
        return None
    if int(claimed) > max_bytes:
        raise TooLarge(f"the recording is larger than {max_bytes:,} bytes")
    return int(claimed)


async def _pieces(response: httpx.Response, target: Target, settings: ImportSettings, deadline: float) -> AsyncIterator[bytes]:
    body, now = response.aiter_raw(), asyncio.get_running_loop().time
    while True:
        patience = min(settings.idle_seconds, deadline - now())
        try:
            async with asyncio.timeout(patience):
                piece = await anext(body, b"")
        except (TimeoutError, httpx.TimeoutException) as error:
            if now() >= deadline:
                raise SourceTooSlow(f"{target.host} was not done within {settings.max_seconds:g} s") from error
            raise SourceTooSlow(f"{target.host} sent nothing for {settings.idle_seconds:g} s") from error
        except httpx.HTTPError as error:
            raise SourceUnreachable(f"{target.host} broke off in the middle of the recording") from error
        if not piece:
            return
        yield piece


def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts, and those of the web: a small container has none of its own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
