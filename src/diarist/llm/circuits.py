"""Where circuits are kept: in Redis when there is one, so that all workers of a fleet know; else in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol, TypeVar

import structlog

from diarist.errors import BrokerUnavailable
from diarist.llm.breaker import Circuit
from diarist.redis_client import connect_async, telling, translated
from diarist.telemetry.metrics.redis import RedisMetrics

if TYPE_CHECKING:
    import redis.asyncio

R = TypeVar("R")
Change = Callable[[Circuit], tuple[Circuit, R]]

_KEY = "diarist:llm:circuit:{}"
_KEPT = 86_400
"""Seconds after which a circuit that nothing happens to is forgotten."""

log = structlog.get_logger(__name__)


class Circuits(Protocol):
    """By the names of models, `provider/model`."""

    async def get(self, name: str) -> Circuit: ...

    async def change(self, name: str, change: Change[R]) -> R:
        """Change one at once, with nobody between; `change` may be called again."""
        ...

    async def close(self) -> None: ...


class LocalCircuits:
    """In this process."""

    def __init__(self) -> None:
        self._circuits: dict[str, Circuit] = {}

    async def get(self, name: str) -> Circuit:
        return self._circuits.get(name, Circuit())

    async def change(self, name: str, change: Change[R]) -> R:
        self._circuits[name], result = change(await self.get(name))
        return result

    async def close(self) -> None:
        """Nothing is open."""


class SharedCircuits:
    """In Redis; while that is away, in this process."""

    def __init__(self, url: str, metrics: RedisMetrics | None = None) -> None:
        self._client: redis.asyncio.Redis = connect_async(url, metrics=metrics)
        self._local = LocalCircuits()

    async def get(self, name: str) -> Circuit:
        try:
            with translated():
                return _decoded(await self._client.get(_KEY.format(name)))
        except BrokerUnavailable as error:
            log.warning("llm.circuits_local", reason=error.code)
            return await self._local.get(name)

    async def change(self, name: str, change: Change[R]) -> R:
        try:
            with translated():
                return await self._changed(_KEY.format(name), change)
        except BrokerUnavailable as error:
            log.warning("llm.circuits_local", reason=error.code)
            return await self._local.change(name, change)

    async def close(self) -> None:
        await self._client.aclose()

    async def _changed(self, key: str, change: Change[R]) -> R:
        with telling("MULTI"):
            return await self._changed_at_last(key, change)

    async def _changed_at_last(self, key: str, change: Change[R]) -> R:
        from redis.exceptions import WatchError

        while True:
            async with self._client.pipeline(transaction=True) as pipe:
                await pipe.watch(key)
                found = _decoded(await pipe.get(key))
                changed, result = change(found)
                if changed == found:
                    return result
                pipe.multi()  # type: ignore[no-untyped-call]
                pipe.set(key, json.dumps(asdict(changed)), ex=_KEPT)
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                return result


def _decoded(value: bytes | str | None) -> Circuit:
    return Circuit(**json.loads(value)) if value else Circuit()
