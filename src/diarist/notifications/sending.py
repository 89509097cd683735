"""Sends one webhook to one address, and to none that must not be reached through us."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from diarist import __version__
from diarist.database.base import utc_now
from diarist.errors import AddressRefused, SourceTooSlow, SourceUnreachable
from diarist.notifications.schedule import read_retry_after
from diarist.notifications.signing import signatures
from diarist.recordings.fetching.asking import Question, asked, trusted
from diarist.recordings.fetching.resolving import Resolver, ask_the_system
from diarist.recordings.fetching.targets import check
from diarist.settings.webhooks import WebhookSettings
from diarist.telemetry.tracing import current_traceparent


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one try."""

    at: datetime
    seconds: float
    """Until the head of the answer, or until it was given up."""
    status: int | None = None
    error: str | None = None
    """Why there is no status."""
    retry_after: float | None = None
    """Seconds for which the receiver wants to be left alone."""

    @property
    def taken(self) -> bool:
        """Whether the receiver has it now; redirects are not followed, and are none."""
        return self.status is not None and httpx.codes.is_success(self.status)

    def told(self) -> dict[str, Any]:
        """As it is kept with the delivery."""
        at = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"at": at, "status": self.status, "seconds": round(self.seconds, 3), "error": self.error}


class Sender:
    """Sends; of one event loop."""

    def __init__(
        self, settings: WebhookSettings, *, resolver: Resolver = ask_the_system, tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings, self._resolver, self._tls = settings, resolver, tls

    async def send(self, url: str, keys: Sequence[str], message_id: UUID, body: bytes) -> Answer:
        """Post it once, signed. Whatever goes wrong is part of the answer; of the receiver's nothing but its head is read."""
        at, started = utc_now(), time.monotonic()
        try:
            async with asyncio.timeout(self._settings.timeout), AsyncExitStack() as stack:
                response = await self._asked(url, keys, str(message_id), int(at.timestamp()), body, stack)
                status, retry_after = response.status_code, response.headers.get("retry-after", "")
        except TimeoutError:
            error = f"it took longer than {self._settings.timeout:g} s"
        except (AddressRefused, SourceTooSlow, SourceUnreachable) as failure:
            error = failure.message
        else:
            seconds = time.monotonic() - started
            return Answer(at=at, seconds=seconds, status=status, retry_after=read_retry_after(retry_after, utc_now()))
        return Answer(at=at, seconds=time.monotonic() - started, error=error)

    async def _asked(
        self, url: str, keys: Sequence[str], message_id: str, timestamp: int, body: bytes, stack: AsyncExitStack
    ) -> httpx.Response:
        # What may be reached is asked each time: settings change, and so does what a name stands for.
        target = check(url, self._settings)
        self._tls = self._tls or trusted()
        headers = {
            "User-Agent": f"diarist/{__version__}",
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signatures(keys, message_id, timestamp, body),
        }
        if trace := current_traceparent():
            headers["traceparent"] = trace
        question = Question("POST", headers, body)
        return await asked(target, question, self._settings, self._settings.timeout, self._resolver, self._tls, stack)
