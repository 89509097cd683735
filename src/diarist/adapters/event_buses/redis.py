"""Events between processes, by publish and subscribe of Redis; it comes back by itself when Redis does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog

from diarist.adapters.event_buses.mailbox import Mailbox
from diarist.domain.events import Event, Lagged, decode_event, encode_event
from diarist.errors import BrokerUnavailable
from diarist.redis_client import connect_async, translated

if TYPE_CHECKING:
    import redis.asyncio

CHANNEL = "diarist:events"

_OUTBOX = 1000
"""Events that wait to be sent; more are dropped."""
_QUIET = 5.0
"""Seconds of silence after which the connection is asked whether it still is one; after twice as long it is not."""
_BACKOFF = (0.1, 5.0)
"""Seconds from one try to connect to the next: the first wait and the longest."""
_LAST_TRY = 1.0
"""Seconds that closing waits for what is still to be sent."""

log = structlog.get_logger(__name__)


class RedisBus:
    """A bus of one event loop; it connects when it is first used."""

    def __init__(self, url: str) -> None:
        """Raises `Misconfigured`."""
        self._client = connect_async(url)
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(_OUTBOX)
        self._mailboxes: set[Mailbox] = set()
        self._sender: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        """Whether the reader knows if Redis is there."""

    async def publish(self, event: Event) -> None:
        """Note it for sending, and return at once."""
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())
        if self._outbox.full():
            # Redis takes its time to be found away; that it is, is logged by then.
            log.debug("event.dropped", kind=event.kind)
            return
        self._outbox.put_nowait(encode_event(event))

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[Event | Lagged]]:
        """A mailbox of one's own; when Redis is away, its events come as soon as Redis does."""
        mailbox = Mailbox()
        self._mailboxes.add(mailbox)
        try:
            if self._reader is None:
                self._reader = asyncio.create_task(self._read())
            await self._tried.wait()
            yield mailbox
        finally:
            self._mailboxes.discard(mailbox)

    async def close(self) -> None:
        """Send what is still to be sent if Redis is there, and disconnect."""
        if self._sender is not None:
            try:
                await asyncio.wait_for(self._outbox.join(), _LAST_TRY)
            except TimeoutError:
                log.warning("events.not_sent", events=self._outbox.qsize())
        tasks = [task for task in (self._sender, self._reader) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def _send(self) -> None:
        away = False
        while True:
            encoded = await self._outbox.get()
            try:
                with translated():
                    await self._client.publish(CHANNEL, encoded)
            except BrokerUnavailable as error:
                if not away:
                    log.warning("events.dropped_while_redis_is_away", error=error.message)
                away = True
            else:
                away = False
            finally:
                self._outbox.task_done()

    async def _read(self) -> None:
        wait = 0.0
        while True:
            try:
                with translated():
                    async with self._client.pubsub() as subscription:
                        await subscription.subscribe(CHANNEL)
                        await self._answer(subscription)
                        wait = 0.0
                        self._tried.set()
                        while True:
                            self._deliver(await self._answer(subscription))
            except BrokerUnavailable as error:
                if not wait:
                    log.warning("events.not_heard_while_redis_is_away", error=error.message)
                self._tried.set()
                for mailbox in self._mailboxes:
                    mailbox.lose()
            wait = min(_BACKOFF[1], wait * 2) or _BACKOFF[0]
            await asyncio.sleep(wait)

    async def _answer(self, subscription: redis.asyncio.client.PubSub) -> dict[str, Any]:
        """The next message of any kind; raises `BrokerUnavailable` when there is not even an answer to a ping."""
        for _ in range(2):
            message: dict[str, Any] | None = await subscription.get_message(timeout=_QUIET)
            if message is not None:
                return message
            await subscription.ping()
        raise BrokerUnavailable("Redis is silent")

    def _deliver(self, message: dict[str, Any]) -> None:
        if message["type"] != "message":
            return
        try:
            event = decode_event(message["data"])
        except ValueError:
            log.debug("event.not_understood")
            return
        for mailbox in self._mailboxes:
            mailbox.put(event)


@asynccontextmanager
async def open_bus(url: str) -> AsyncIterator[RedisBus]:
    """The bus of a Redis, `redis://…`, `rediss://…` or `redis+sentinel://…`; raises `Misconfigured`."""
    bus = RedisBus(url)
    try:
        yield bus
    finally:
        await bus.close()
