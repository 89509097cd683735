"""Reads your own writes although a replica serves the reads: each account's last write is remembered, for all APIs.

After a request that wrote, the cache keeps the position that the database's log had then, under the account. A read names that
position, and goes to the replica only if it has come that far. Without the cache nobody knows, and the primary is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diarist.database.replica import position
from diarist.database.session import Database
from diarist.domain.access import Caller
from diarist.errors import BrokerUnavailable, Unavailable
from diarist.http.permissions import SAFE
from diarist.redis_client import connect_async, translated
from diarist.telemetry.metrics.redis import RedisMetrics

if TYPE_CHECKING:
    from redis.asyncio import Redis

REMEMBERED = 300
"""Seconds; a replica that is further behind has to be mended, not waited for."""

log = structlog.get_logger(__name__)


class Freshness:
    """What is remembered of the writes, in a Redis that all APIs share."""

    def __init__(self, database: Database, redis: Redis) -> None:
        self._database = database
        self._redis = redis

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, url: str, metrics: RedisMetrics | None = None) -> AsyncIterator[Self]:
        """Connects at first use; `url` is the cache's."""
        redis = connect_async(url, metrics=metrics)
        try:
            yield cls(database, redis)
        finally:
            await redis.aclose()

    async def wrote(self, account_id: UUID) -> None:
        """Remember that the account has written by now."""
        try:
            written_at = await self._database.position()
            if written_at is not None:
                with translated():
                    await self._redis.set(_key(account_id), written_at, ex=REMEMBERED)
        except Unavailable as error:
            # What was written is written, and its answer is good.
            log.warning("freshness.not_remembered", error=error.code)

    async def reading(self, account_id: UUID) -> Database:
        """The database as the account should read it: by way of the replica, if that holds all it wrote."""
        try:
            with translated():
                found: Any = await self._redis.get(_key(account_id))
        except BrokerUnavailable:
            return self._database
        return self._database.following(position(found.decode()) if found else None)


class RememberWrites:
    """Remembers a request that may have written before its answer goes out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.get("state", {})
        freshness: Freshness | None = state.get("freshness")
        caller: Caller | None = state.get("caller")
        if scope["type"] != "http" or freshness is None or caller is None or scope["method"] in SAFE:
            await self._app(scope, receive, send)
            return

        async def remembered(message: Message) -> None:
            if message["type"] == "http.response.start":
                await freshness.wrote(caller.account_id)
            await send(message)

        await self._app(scope, receive, remembered)


def _key(account_id: UUID) -> str:
    return f"diarist:written:{account_id.hex}"
