"""Puts one request to a host: its name is resolved once, what that gives is checked, and exactly that is connected to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

from diarist.errors import SourceTooSlow, SourceUnreachable
from diarist.recordings.fetching.resolving import Resolver, resolve
from diarist.recordings.fetching.targets import Reach, Target

MAX_ADDRESSES = 4
"""Of one host that are tried, one after the other."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a host."""

    method: str
    headers: Mapping[str, str]
    body: bytes = b""


async def asked(
    target: Target, question: Question, reach: Reach, idle_seconds: float, resolver: Resolver, tls: ssl.SSLContext,
    stack: AsyncExitStack,
) -> httpx.Response:  # fmt: skip
    """The head of the answer, from the first of the host's addresses that takes a connection; it is closed with the stack.

    `idle_seconds`: longest wait for the next byte. No redirect is followed. Raises `AddressRefused`, `SourceUnreachable`,
    `SourceTooSlow`.
    """
    failed: Exception | None = None
    for address in (await resolve(target, reach, resolver))[:MAX_ADDRESSES]:
        # The certificate has to be one for the name, though it is an address that is connected to.
        extensions = {
            "sni_hostname": target.host,
            "timeout": httpx.Timeout(idle_seconds, connect=reach.connect_seconds).as_dict(),
        }
        headers = {"Host": target.host_header, "Connection": "close", **question.headers}
        content = question.body or None
        request = httpx.Request(question.method, target.pinned(address), headers=headers, content=content, extensions=extensions)
        # A transport alone: a client would keep cookies, follow redirects and look into the environment.
        transport = await stack.enter_async_context(httpx.AsyncHTTPTransport(verify=tls, trust_env=False))
        try:
            async with asyncio.timeout(reach.connect_seconds + idle_seconds):
                response = await transport.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise SourceTooSlow(f"{target.host} did not answer within {idle_seconds:g} s") from error
        except httpx.HTTPError as error:
            raise SourceUnreachable(f"{target.host} does not speak HTTP as it should") from error
        else:
            stack.push_async_callback(response.aclose)
            return response
    if isinstance(failed, httpx.ConnectTimeout):
        raise SourceTooSlow(f"{target.host} took no connection within {reach.connect_seconds:g} s") from failed
    raise SourceUnreachable(f"no connection to {target.host}: {failed or 'refused'}") from failed


def trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts, and those of the web: a small container has none of its own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
