"""Broker, cache and event bus, where they are configured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

from diarist.cli.checks.check import Check, Status, failed
from diarist.cli.origins import without_password
from diarist.domain.events import Event, EventKind, Lagged
from diarist.errors import BrokerUnavailable, DiaristError
from diarist.queue.eviction import KEEPS, eviction_policy
from diarist.redis_client import connect_async, translated
from diarist.settings import Settings
from diarist.wiring import open_events

_PATIENCE = 5.0
"""Seconds in which an event has to come back."""


async def redis(settings: Settings) -> AsyncIterator[Check]:
    """What of it is configured."""
    if settings.broker.url:
        yield await _broker(settings.broker.url)
    if settings.cache.url:
        yield await _cache(settings.cache.url)
    if settings.events.url or settings.broker.url:
        yield await _events(settings.events_url)


async def _broker(url: str) -> Check:
    name, shown = "broker", without_password(url)
    try:
        latency = await _latency(url)
        policy = await asyncio.to_thread(eviction_policy, url)
    except DiaristError as error:
        return failed(name, error)
    if policy is None:
        advice = f"The service does not tell its maxmemory-policy; see that it is {KEEPS}."
        return Check(name, Status.WARN, f"{shown} answers in {latency:.1f} ms", advice)
    if policy != KEEPS:
        advice = f"`redis-cli config set maxmemory-policy {KEEPS}`, and the same in redis.conf: it must not lose bells."
        return Check(name, Status.FAIL, f"{shown} has the maxmemory-policy {policy}", advice)
    return Check(name, Status.OK, f"{shown} answers in {latency:.1f} ms, maxmemory-policy {policy}")


async def _cache(url: str) -> Check:
    try:
        return Check("cache", Status.OK, f"{without_password(url)} answers in {await _latency(url):.1f} ms")
    except DiaristError as error:
        return failed("cache", error)


async def _events(url: str) -> Check:
    name, own = "event bus", Event(kind=EventKind.JOB_CHANGED, account_id=uuid4())
    try:
        async with open_events(url) as bus, bus.subscribe() as events, asyncio.timeout(_PATIENCE):
            began = time.perf_counter()
            await bus.publish(own)
            async for event in events:
                if isinstance(event, Lagged):
                    return failed(name, BrokerUnavailable(advice="Check DIARIST_EVENTS__URL, and that its Redis runs."))
                if event == own:
                    break
            latency = (time.perf_counter() - began) * 1000
    except TimeoutError:
        return Check(name, Status.FAIL, f"{without_password(url)}: an event did not come back", "Check DIARIST_EVENTS__URL.")
    except DiaristError as error:
        return failed(name, error)
    return Check(name, Status.OK, f"{without_password(url)}, an event came back in {latency:.1f} ms")


async def _latency(url: str) -> float:
    """Milliseconds of an answer on an open connection."""
    with translated():
        async with connect_async(url) as client:
            await client.ping()
            began = time.perf_counter()
            await client.ping()
    return (time.perf_counter() - began) * 1000
