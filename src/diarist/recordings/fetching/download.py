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
from diarist.recordings.fetching.asking import Question, asked, trusted
from diarist.recordings.fetching.naming import name_in_disposition, name_in_path
from diarist.recordings.fetching.resolving import Resolver, ask_the_system
from diarist.recordings.fetching.targets import Target, check, redirected
from diarist.settings import ImportSettings

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_QUESTION = Question(
    "GET",
    {
        "User-Agent": f"diarist/{__version__}",
        "Accept": "audio/*, video/*;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity",
    },
)


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
    security = tls or trusted()
    for _ in range(MAX_REDIRECTS + 1):
        async with AsyncExitStack() as stack:
            response = await asked(target, _QUESTION, settings, settings.idle_seconds, resolver, security, stack)
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
