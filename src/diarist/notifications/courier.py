"""Sends what is due: every subscription in lanes of its own, so that a slow receiver holds up nobody else.

The bell of the queue `delivery` wakes it. Bells may be lost, and retries come due by themselves: it looks every second as well.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Self
from uuid import UUID

import structlog

from diarist.database.base import utc_now
from diarist.errors import DiaristError, Unavailable
from diarist.failures.failure import Context, FailureKind
from diarist.notifications import line, repository
from diarist.notifications.line import MARGIN, InHand
from diarist.notifications.message import body
from diarist.notifications.sending import Sender
from diarist.runtime import Runtime
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import Kind, part

POLL = 1.0
"""Seconds between looks when nobody rings."""
LANES = 4
"""Deliveries to one subscription that one process has in hand at once."""
MOST = 200
"""Those to all of them."""
LAST = 3.0
"""Seconds that are left, when the process ends, for what is due by then."""
SWEEP = 600.0
"""Seconds between looks for what need not be kept."""

log = structlog.get_logger(__name__)


class Courier:
    """Of one event loop; any number of them, in any number of processes, share the work."""

    def __init__(self, runtime: Runtime, sender: Sender | None = None) -> None:
        self._runtime = runtime
        self._settings = runtime.settings.webhooks
        self._sender = sender or Sender(self._settings)
        self._woken = asyncio.Event()
        self._lanes: dict[asyncio.Task[None], UUID] = {}
        self._swept = -math.inf

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime, sender: Sender | None = None, *, last: float = LAST) -> AsyncIterator[Self]:
        """Send until the context ends, and at most `last` seconds longer what is due by then; what is in hand is given back."""
        courier = cls(runtime, sender)
        sending = asyncio.create_task(courier._run())
        try:
            yield courier
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await courier._close(last)

    def wake(self) -> None:
        """There is something to send."""
        self._woken.set()

    async def drain(self, patience: float) -> None:
        """Send until nothing is due, `patience` seconds at most."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            await self._round()
            if not self._lanes:
                return
            await asyncio.wait(self._lanes, timeout=until - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)

    async def _run(self) -> None:
        while True:
            try:
                await self._sweep()
                await self._round()
            except Unavailable as error:
                log.warning("webhooks.postponed", error=error.code)
                self._note(error, "round")
            except Exception as error:
                # Whatever it was, the next webhooks have to go out.
                log.exception("webhooks.failed")
                self._note(error, "round")
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._woken.wait()
            self._woken.clear()

    async def _close(self, last: float) -> None:
        try:
            await self.drain(last)
        except DiaristError as error:
            log.warning("webhooks.postponed", error=error.code)
        for lane in self._lanes:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    async def _round(self) -> None:
        """Open a lane to every subscription that has something due and none open; lanes open more themselves."""
        for subscription_id in await line.lines(self._runtime.database, set(self._lanes.values()), MOST - len(self._lanes)):
            self._open_lane(subscription_id)

    def _open_lane(self, subscription_id: UUID) -> None:
        if len(self._lanes) < MOST and Counter(self._lanes.values())[subscription_id] < LANES:
            lane = asyncio.create_task(self._work_off(subscription_id))
            self._lanes[lane] = subscription_id
            lane.add_done_callback(self._lanes.pop)

    async def _work_off(self, subscription_id: UUID) -> None:
        """Send one delivery after the other, until none is due."""
        try:
            while held := await line.claim(self._runtime.database, subscription_id, self._settings.timeout + MARGIN):
                self._open_lane(subscription_id)
                await self._deliver(held)
        except Unavailable as error:
            # What is in hand is due again soon, and the receiver knows it by its id.
            log.warning("webhooks.postponed", error=error.code, subscription_id=str(subscription_id))
            self._note(error, "lane")
        except Exception as error:
            log.exception("webhooks.lane_failed", subscription_id=str(subscription_id))
            self._note(error, "lane")

    def _note(self, error: Exception, place: str) -> None:
        self._runtime.failures.note(error, FailureKind.WEBHOOK, Context(place=place))

    async def _deliver(self, held: InHand) -> None:
        row = held.row
        message = body(
            row.kind, row.at, row.job_id, row.recording_id, row.data, public_url=self._runtime.settings.http.public_url
        )
        about = {"diarist.account.id": str(row.account_id), "diarist.delivery.id": str(row.id), "diarist.event": row.kind}
        with part("notify", kind=Kind.CLIENT, parent=Traceparent.read(row.traceparent), attributes=about) as span:
            try:
                answer = await self._sender.send(held.url, held.secrets, row.event_id, message)
            except asyncio.CancelledError:
                await asyncio.shield(line.give_back(self._runtime.database, held))
                raise
            self._runtime.metrics.webhooks.tried(
                row.kind, status=answer.status, seconds=answer.seconds, happened=row.at, now=utc_now()
            )
            if not answer.taken:
                span.fail(str(answer.status or "unreachable"))
            async with self._runtime.database.write() as session:
                settled = await line.settle(session, self._runtime.event_log, self._settings, held, answer)
            log.info(
                "webhook.sent", delivery_id=str(row.id), kind=row.kind, status=answer.status, error=answer.error,
                seconds=round(answer.seconds, 3), settled=settled,
            )  # fmt: skip

    async def _sweep(self) -> None:
        if time.monotonic() - self._swept < SWEEP:
            return
        self._swept, before = time.monotonic(), utc_now() - timedelta(days=self._settings.keep_days)
        removed = repository.SWEPT_AT_ONCE
        while removed == repository.SWEPT_AT_ONCE:
            async with self._runtime.database.write() as session:
                removed = await repository.sweep(session, before)
