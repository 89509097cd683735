"""Keeps the figures that the database has, in one process of all: whoever has the turn asks, the others are silent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Self

import structlog

from diarist.database.base import new_id, utc_now
from diarist.database.compatibility import require_compatible
from diarist.database.session import Database
from diarist.database.turns import hold_turn, let_turn_go
from diarist.errors import DiaristError
from diarist.monitoring.backlog import backlog
from diarist.monitoring.budgets import budgets_left
from diarist.monitoring.daily_costs import DailyCosts
from diarist.monitoring.last_day import last_day
from diarist.monitoring.stranded import stranded_jobs
from diarist.monitoring.webhooks import webhooks
from diarist.settings import Settings
from diarist.telemetry.metrics.known_by_one import SharedMetrics

TURN = "reporting"
FRESH = 5.0
"""Seconds for which figures are told again before the database is asked anew, however many scrape."""
_SELDOM = 60.0
"""Seconds for which those of the last day are told again."""
_LEASE = 90.0
"""Seconds after its last scrape in which a process keeps the turn; Prometheus asks every 15 or 30."""
_PATIENCE = 4.0
"""Seconds that the database may take; a scrape gives up after 10."""

log = structlog.get_logger(__name__)


class Reporter:
    """Of one process; belongs to the event loop that answers scrapes."""

    def __init__(self, database: Database, settings: Settings, metrics: SharedMetrics) -> None:
        self._database = database
        self._settings = settings
        self._metrics = metrics
        self._costs = DailyCosts(settings.costs)
        self._warned_on: date | None = None
        self._name = str(new_id())
        self._asking = asyncio.Lock()
        self._asked = self._asked_seldom = -float("inf")

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, settings: Settings, metrics: SharedMetrics) -> AsyncIterator[Self]:
        """At the end another process may have the turn at once."""
        reporter = cls(database, settings, metrics)
        metrics.forget()
        try:
            yield reporter
        finally:
            with suppress(DiaristError, TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await let_turn_go(database, TURN, reporter._name)

    async def refresh(self) -> None:
        """Before a scrape; a database that is away makes the figures of it disappear, and no others."""
        async with self._asking:
            if time.monotonic() - self._asked < FRESH:
                return
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._ask()
            except (DiaristError, TimeoutError) as error:
                log.warning("reporting.postponed", error=getattr(error, "code", "timeout"))
                self._fall_silent()
            self._asked = time.monotonic()

    async def _ask(self) -> None:
        async with self._database.read() as session:
            await require_compatible(session)
        if not await hold_turn(self._database, TURN, self._name, _LEASE):
            self._fall_silent()
            return
        self._metrics.reporting.put(1)
        await self._tell_backlog()
        if time.monotonic() - self._asked_seldom >= _SELDOM:
            await self._tell_seldom()
            self._asked_seldom = time.monotonic()

    def _fall_silent(self) -> None:
        self._metrics.forget()
        self._asked_seldom = -float("inf")

    async def _tell_backlog(self) -> None:
        async with self._database.read() as session:
            found = await backlog(session)
        metrics = self._metrics
        for labels, one in found.items():
            metrics.depth.put(one.ready, *labels)
            metrics.delayed.put(one.delayed, *labels)
            metrics.running.put(one.running, *labels)
            metrics.parked.put(one.parked, *labels)
            metrics.oldest.put(one.oldest, *labels)
            metrics.backlog.put(one.audio, *labels)

    async def _tell_seldom(self) -> None:
        now, metrics = utc_now(), self._metrics
        async with self._database.read() as session:
            day = await last_day(session, now)
            left = await budgets_left(session, self._settings.llm, now.date())
            standing = await webhooks(session)
            stranded = await stranded_jobs(session)
            today = await self._costs.look(session, now.date())
        metrics.accounts.put(day.accounts)
        metrics.recordings.put(day.recordings)
        metrics.audio.put(day.audio_seconds)
        metrics.entries.put(day.entries)
        metrics.llm_cost.put(float(day.llm_cost))
        metrics.cost_per_hour.put(day.cost_per_audio_hour)
        metrics.budget_left.forget()
        for period, one in left.items():
            metrics.accounts_out_of_budget.put(one.out, period)
            if one.least is not None:
                metrics.budget_left.put(float(one.least), period)
            if one.least_share is not None:
                metrics.budget_share_left.put(float(one.least_share), period)
        for condition, number in standing.subscriptions.items():
            metrics.subscriptions.put(number, condition)
        metrics.webhooks_overdue.put(standing.overdue)
        metrics.stranded.put(stranded)
        currency = self._settings.costs.currency
        for part, cost in today.parts.items():
            metrics.today_cost.put(float(cost), part, currency)
        for gauges in (metrics.usual_day_cost, metrics.cost_anomaly):
            gauges.forget()
        if today.standing is not None:
            metrics.usual_day_cost.put(today.standing.median, currency)
            metrics.cost_anomaly.put(today.standing.score, currency)
            if today.standing.unusual and now.date() != self._warned_on:
                self._warned_on = now.date()
                log.warning(
                    "costs.unusual", cost=round(today.standing.cost, 4), usual=round(today.standing.median, 4), currency=currency
                )
