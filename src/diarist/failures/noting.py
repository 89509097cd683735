"""Takes errors in from whoever meets them, and writes them down once a second: never in the way of what goes on.

However many errors there are, a second costs `MOST` upserts in one transaction at most. What finds no room, and what is left when
the process ends while the database is away, is not written; a metric tells how much.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import structlog

from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.errors import DiaristError
from diarist.failures.failure import Context, Failure, FailureKind, failure_of
from diarist.failures.repository import Group, sweep_failures, write_groups
from diarist.telemetry.metrics.failures import FailureMetrics
from diarist.telemetry.tracing import apart, here

GATHERED = 1.0
"""Seconds in which errors are gathered."""
MOST = 100
"""Groups that wait to be written."""
_LAST = 3.0
"""Seconds for the last of them, when the process ends."""
KEPT = timedelta(days=90)
"""For how long errors are kept that are not seen any more."""
_SWEEP_EVERY = timedelta(days=1)

Told = Callable[[Failure], None]
"""Hears of the first of each group that is gathered."""

log = structlog.get_logger(__name__)


class Failures:
    """Of one event loop."""

    def __init__(self, database: Database, metrics: FailureMetrics, told: Told | None = None) -> None:
        self._database, self._metrics, self._told = database, metrics, told
        self._gathered: dict[tuple[str, UUID | None], Group] = {}
        self._writing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._ending = False
        self._swept: datetime | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, metrics: FailureMetrics, told: Told | None = None) -> AsyncIterator[Self]:
        """At the end, what was gathered is written, if the database is there."""
        failures = cls(database, metrics, told)
        try:
            yield failures
        finally:
            await failures.close()

    def note(self, error: BaseException, kind: FailureKind, context: Context) -> None:
        """An error was met; costs some thousandths of a millisecond, and raises nothing. The trace at hand is added."""
        place = here()
        if place is not None and context.trace_id is None:
            context = replace(context, trace_id=place.trace_id)
        failure = failure_of(error, kind, context, utc_now())
        self._metrics.seen.add(failure.code, failure.kind)
        first = (failure.fingerprint, None) not in self._gathered
        if not self._gather(Group(None, failure.at, failure)):
            self._metrics.dropped.add("full")
        elif context.account_id is not None and not self._gather(Group(context.account_id, failure.at, failure)):
            self._metrics.dropped.add("account")
        if first and self._told is not None:
            self._told(failure)
        if self._writing is None or self._writing.done():
            self._hurry.clear()
            with apart():
                self._writing = asyncio.create_task(self._write_down())

    async def settled(self) -> None:
        """Write what was gathered now, and wait for it."""
        if self._writing is not None:
            self._hurry.set()
            await self._writing

    async def close(self) -> None:
        """Write what was gathered, or tell by the metric that it is lost."""
        self._ending = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST):
                await self.settled()
        self._lose(self._gathered, "ended")

    def _gather(self, group: Group) -> bool:
        """Put it to those that are like it; False when there is no room."""
        known = self._gathered.get(key := (group.last.fingerprint, group.account_id))
        if known is None and len(self._gathered) >= MOST:
            return False
        if known is None:
            self._gathered[key] = group
        else:
            known.count += group.count
            known.first = min(known.first, group.first)
            known.last = max(known.last, group.last, key=lambda failure: failure.at)
        return True

    async def _write_down(self) -> None:
        while self._gathered:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHERED):
                    await self._hurry.wait()
            taken, self._gathered = self._gathered, {}
            try:
                await self._write(taken)
            except DiaristError as error:
                log.warning("failures.postponed", error=error.code)
                self._take_back(taken)
                if self._ending:
                    return
                self._hurry.clear()
            except asyncio.CancelledError:
                self._take_back(taken)
                raise
            except Exception:
                # What is wrong with them would be wrong with them the next time.
                log.exception("failures.not_written")
                self._lose(taken, "unwritable")

    async def _write(self, taken: Mapping[tuple[str, UUID | None], Group]) -> None:
        now = utc_now()
        async with self._database.write() as session:
            await write_groups(session, [*taken.values()])
            if self._swept is None or now - self._swept > _SWEEP_EVERY:
                await sweep_failures(session, now - KEPT)
                self._swept = now

    def _take_back(self, taken: Mapping[Any, Group]) -> None:
        for group in taken.values():
            if not self._gather(group):
                self._metrics.dropped.add("full" if group.account_id is None else "account", by=group.count)

    def _lose(self, groups: Mapping[Any, Group], reason: str) -> None:
        lost = sum(group.count for group in groups.values() if group.account_id is None)
        if lost:
            self._metrics.dropped.add(reason, by=lost)
