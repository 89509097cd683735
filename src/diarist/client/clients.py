"""The two clients: the same things can be done with both, in a thread with one and on an event loop with the other."""

from __future__ import annotations

import os
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Generic, Self

import httpx

from diarist import __version__
from diarist.client.errors import AddressMissing
from diarist.client.operations import S
from diarist.client.resources import Days, Entries, Events, Jobs, Receipts, Recordings, Transcripts
from diarist.client.retrying import Retries
from diarist.client.session import AsyncSession, Session

URL, KEY = "DIARIST_API_URL", "DIARIST_API_KEY"
"""Variables of the environment that are read where nothing is given."""
TIMEOUT = 60.0
"""Seconds without a byte after which a connection counts as broken."""
_CONNECT = 10.0
"""The same until there is a connection."""


class _Resources(Generic[S]):
    def __init__(self, session: S) -> None:
        self._session: S = session
        self.recordings: Recordings[S] = Recordings(session)
        self.transcripts: Transcripts[S] = Transcripts(session)
        self.entries: Entries[S] = Entries(session)
        self.days: Days[S] = Days(session)
        self.jobs: Jobs[S] = Jobs(session)
        self.receipts: Receipts[S] = Receipts(session)
        self.events: Events[S] = Events(session)


class Client(_Resources[Session]):
    """A server of Diarist, for programs without an event loop; close it, or use it as a context.

    One client may be used by several threads.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`url` and `key` are DIARIST_API_URL and DIARIST_API_KEY if left out; raises `AddressMissing`.

        `timeout`: seconds without a byte after which a connection counts as broken. `transport`: how httpx is to reach the
        server, for proxies and certificates of one's own; without it the environment says.
        """
        super().__init__(Session(httpx.Client(**_options(url, key, timeout), transport=transport), retries or Retries()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class AsyncClient(_Resources[AsyncSession]):
    """A server of Diarist, for programs with an event loop (asyncio or trio); close it, or use it as a context."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT,
        retries: Retries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """As `Client`."""
        super().__init__(
            AsyncSession(httpx.AsyncClient(**_options(url, key, timeout), transport=transport), retries or Retries())
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _options(url: str | None, key: str | None, timeout: float) -> dict[str, Any]:
    address = url or os.environ.get(URL, "")
    try:
        known = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise AddressMissing(f"this is no address: {error}") from error
    if known.scheme not in {"http", "https"} or not known.host:
        raise AddressMissing("this is no address of a server" if address else None)
    shown = key or os.environ.get(KEY, "")
    return {
        "base_url": known,
        "headers": {"User-Agent": f"diarist/{__version__}"} | ({"Authorization": f"Bearer {shown}"} if shown else {}),
        "timeout": httpx.Timeout(timeout, connect=_CONNECT),
        # Audio may lie in an object store, which is shown no key of ours: httpx leaves it out for another host.
        "follow_redirects": True,
        # A proxy of the environment does not lead to this very machine.
        "trust_env": not _is_loopback(known.host),
    }
