"""Events between processes, by publish and subscribe of Redis; it comes back by itself when Redis does.

Each kind has a channel of its own: workers, who only want to hear of what is cancelled, are not woken by all the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog

from diarist.adapters.event_buses.mailbox import Mailbox
from diarist.domain.events import Event, EventKind, Lagged, decode_event, encode_event
from diarist.errors import BrokerUnavailable
from diarist.redis_client import connect_async, translated

if TYPE_CHECKING:
    import redis.asyncio

_OUTBOX = 1000
"""Events that wait to be sent; more are dropped."""
_AT_ONCE = 100
"""Of them, those that are sent in one message."""
_QUIET = 5.0
"""Seconds of silence after which the connection is asked whether it still is one; after twice as long it is not."""
_BACKOFF = (0.1, 5.0)
"""Seconds from one try to connect to the next: the first wait and the longest."""
_LAST_TRY = 1.0
"""Seconds that closing waits for what is still to be sent."""

log = structlog.get_logger(__name__)


def channel(kind: EventKind) -> str:
    """Where the events of a kind are told."""
    return f"diarist:events:{kind.value}"


class RedisBus:
    """A bus of one event loop; it connects when it is first used."""

    def __init__(self, url: str) -> None:
        """Raises `Misconfigured`."""
        self._client = connect_async(url)
        self._outbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(_OUTBOX)
        self._listeners: dict[AbstractSet[EventKind], _Listener] = {}
        self._sender: asyncio.Task[None] | None = None

    async def publish(self, event: Event) -> None:
        """Note it for sending, and return at once."""
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())
        if self._outbox.full():
            # Redis takes its time to be found away; that it is, is logged by then.
            log.debug("event.dropped", kind=event.kind)
            return
        self._outbox.put_nowait((channel(event.kind), encode_event(event)))

    @asynccontextmanager
    async def subscribe(self, *kinds: EventKind) -> AsyncIterator[AsyncIterator[Event | Lagged]]:
        """A mailbox of one's own; when Redis is away, its events come as soon as Redis does."""
        wanted = frozenset(kinds or EventKind)
        listener = self._listeners.get(wanted)
        if listener is None:
            listener = self._listeners[wanted] = _Listener(self._client, wanted)
        mailbox = Mailbox()
        listener.mailboxes.add(mailbox)
        try:
            await listener.tried.wait()
            yield mailbox
        finally:
            listener.mailboxes.discard(mailbox)

    async def close(self) -> None:
        """Send what is still to be sent if Redis is there, and disconnect."""
        if self._sender is not None:
            try:
                async with asyncio.timeout(_LAST_TRY):
                    await self._outbox.join()
            except TimeoutError:
                log.warning("events.not_sent", events=self._outbox.qsize())
        tasks = [listener.reading for listener in self._listeners.values()]
        if self._sender is not None:
            tasks.append(self._sender)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def _send(self) -> None:
        away = False
        while True:
            events = [await self._outbox.get()]
            while len(events) < _AT_ONCE and not self._outbox.empty():
                events.append(self._outbox.get_nowait())
            try:
                with translated():
                    await self._tell(events)
            except BrokerUnavailable as error:
                if not away:
                    log.warning("events.dropped_while_redis_is_away", error=error.message)
                away = True
            else:
                away = False
            finally:
                for _ in events:
                    self._outbox.task_done()

    async def _tell(self, events: list[tuple[str, bytes]]) -> None:
        async with self._client.pipeline(transaction=False) as sending:
            for where, encoded in events:
                sending.publish(where, encoded)
            await sending.execute()


class _Listener:
    """Hears certain kinds, for all mailboxes that want just these."""

    def __init__(self, client: redis.asyncio.Redis, kinds: AbstractSet[EventKind]) -> None:
        self.mailboxes: set[Mailbox] = set()
        self.tried = asyncio.Event()
        """Whether it knows if Redis is there."""
        self._client = client
        self._channels = sorted(map(channel, kinds))
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        wait = 0.0
        while True:
            try:
                with translated():
                    async with self._client.pubsub() as subscription:
                        await subscription.subscribe(*self._channels)
                        for _ in self._channels:
                            await self._answer(subscription)
                        wait = 0.0
                        self.tried.set()
                        while True:
                            self._deliver(await self._answer(subscription))
            except BrokerUnavailable as error:
                if not wait:
                    log.warning("events.not_heard_while_redis_is_away", error=error.message)
                self.tried.set()
                for mailbox in self.mailboxes:
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
        for mailbox in self.mailboxes:
            mailbox.put(event)


@asynccontextmanager
async def open_bus(url: str) -> AsyncIterator[RedisBus]:
    """The bus of a Redis, `redis://…`, `rediss://…` or `redis+sentinel://…`; raises `Misconfigured`."""
    bus = RedisBus(url)
    try:
        yield bus
    finally:
        await bus.close()
