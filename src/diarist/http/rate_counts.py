"""Counts what happens, for all APIs in Redis, or for this one in its memory where there is no Redis or it is away."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol, Self

import structlog

from diarist.errors import BrokerUnavailable
from diarist.http.rates import Rate, Verdict, step
from diarist.redis_client import connect_async, translated
from diarist.telemetry.metrics.redis import RedisMetrics

if TYPE_CHECKING:
    from redis.asyncio import Redis

_MOST = 50_000
"""Names that are kept in memory."""
_PATIENCE = 0.25
"""Seconds that Redis may take: a limit is worth less than an answer."""
_AWAY = 5.0
"""Seconds for which Redis is left alone after it did not answer."""
# `http.rates.step` by the clock of Redis; a test holds both to the same verdicts.
_STEP = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local apart, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local before = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = before + apart
if after - now > window * (1 + 1e-9) then
  return {0, string.format('%.6f', before), string.format('%.6f', now)}
end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000))
return {1, string.format('%.6f', after), string.format('%.6f', now)}
"""

log = structlog.get_logger(__name__)


class Counts(Protocol):
    """Where it is counted."""

    async def count(self, name: str, rate: Rate) -> Verdict:
        """One more of this name; whether that may be."""


class MemoryCounts:
    """In this process alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        """`clock`: seconds that only grow. `most`: names that are kept; beyond, those that were quiet longest are let go."""
        self._clock, self._most = clock, most
        self._even_at: OrderedDict[str, float] = OrderedDict()

    async def count(self, name: str, rate: Rate) -> Verdict:
        """See `Counts`."""
        verdict = step(rate, self._even_at.pop(name, None), self._clock())
        self._even_at[name] = verdict.even_at
        if len(self._even_at) > self._most:
            self._even_at.popitem(last=False)
        return verdict


class RedisCounts:
    """In a Redis that all APIs share, in one round trip; while it is away, in this process."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._script: Any = redis.register_script(_STEP)
        self._clock = clock
        self._own = MemoryCounts(clock)
        self._away_until = 0.0

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, metrics: RedisMetrics | None = None) -> AsyncIterator[Self]:
        """Connects at first use."""
        redis = connect_async(url, metrics=metrics)
        try:
            yield cls(redis)
        finally:
            await redis.aclose()

    async def count(self, name: str, rate: Rate) -> Verdict:
        """See `Counts`."""
        if self._clock() >= self._away_until:
            try:
                with translated():
                    async with asyncio.timeout(_PATIENCE):
                        found = await self._script(keys=[f"diarist:rate:{name}"], args=[repr(rate.apart), repr(rate.seconds)])
                allowed, even_at, now = found
                return Verdict(rate, allowed=bool(allowed), even_at=float(even_at), now=float(now))
            except (BrokerUnavailable, TimeoutError) as error:
                self._away_until = self._clock() + _AWAY
                log.warning("rates.counted_alone", reason=str(error) or "Redis took too long")
        return await self._own.count(name, rate)


@asynccontextmanager
async def open_counts(url: str, metrics: RedisMetrics | None = None) -> AsyncIterator[Counts]:
    """Those of a Redis, or, without a URL, of this process."""
    if not url:
        yield MemoryCounts()
        return
    async with RedisCounts.open(url, metrics) as counts:
        yield counts
