"""Opens a router by the settings: breakers and answers in Redis when there is one, else in this process and its files."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from diarist.database.session import Database
from diarist.llm.breaker import Rules
from diarist.llm.cache import AnswersInFiles, AnswersInRedis
from diarist.llm.calling import Caller
from diarist.llm.circuits import LocalCircuits, SharedCircuits
from diarist.llm.providers import Providers, configured, patience
from diarist.llm.router import Router
from diarist.llm.weighing import Scales
from diarist.ports.event_bus import EventBus
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics


@asynccontextmanager
async def open_router(
    settings: Settings,
    database: Database,
    events: EventBus | None,
    environment: Mapping[str, str] | None = None,
    metrics: Metrics | None = None,
) -> AsyncIterator[Router]:
    """For the running event loop; `environment` holds the keys that settings name, and is the process's if left out."""
    environment = os.environ if environment is None else environment
    metrics = metrics or Metrics.open()
    found = configured(settings.llm, environment)
    shared = settings.cache_url if found else ""
    days = settings.llm.cache_days
    providers = Providers(found, environment)
    circuits = SharedCircuits(shared, metrics.redis) if shared else LocalCircuits()
    answers = AnswersInRedis(shared, days, metrics.redis) if shared else AnswersInFiles(settings.cache_dir / "answers", days)
    longest = max((patience(provider, settings.llm) for provider in found), default=settings.llm.timeout)
    given = settings.llm.breaker
    rules = Rules(failures=given.failures, cooldown=given.cooldown, longest=given.longest, probe=longest + 5.0)
    caller = Caller(database, providers, circuits, rules, events, metrics.llm)
    scales = Scales(circuits, database, settings.llm.quality_counts_as)
    async with AsyncExitStack() as stack:
        for opened in (providers, circuits, answers):
            stack.push_async_callback(opened.close)
        yield Router(settings.llm, found, database, caller, scales, answers, metrics.llm)
