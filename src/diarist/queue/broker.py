"""The engine that rings workers: Dramatiq, in this process alone or by way of Redis. The only file that knows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import dramatiq
import structlog
from dramatiq.brokers.stub import StubBroker

from diarist.errors import BrokerUnavailable
from diarist.queue.ringing import Ringer
from diarist.redis_client import connect, translated

if TYPE_CHECKING:
    import redis

NAMESPACE = "diarist"
"""Of our keys in Redis; the list of a queue's bells is called `diarist:QUEUE`."""
ENOUGH_BELLS = 1000
"""Bells of one queue that may lie in Redis. Each says only that there is work, so more would tell nobody anything."""

_STOP_TIMEOUT_MS = 20_000
_HEARTBEAT_MS = 15_000
"""Silence of a process after which its bells are rung elsewhere."""
_MAINTENANCE = 100_000
"""Of a million fetches, how many look for silent processes."""
_POLL_MS = 250

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Group:
    """Queues that share a number of threads."""

    queues: tuple[str, ...]
    threads: int
    """How many tasks of these queues may run at once in this process."""


GROUPS = (Group(("audio",), 2), Group(("transcription",), 1), Group(("llm", "delivery"), 4))
"""One thread of transcription: an engine already uses every core."""
QUEUES = tuple(queue for group in GROUPS for queue in group.queues)

Answer = Callable[[str], None]
"""What a worker thread does when it hears the bell of a queue; works as long as there is work."""


class Ringing(Protocol):
    """Bells: a message carries nothing but "this queue has work", so a lost or doubled one does no harm."""

    def ring(self, queue: str) -> None:
        """Say that a queue has work; returns at once."""

    def start(self) -> None:
        """Start answering."""

    def stop(self) -> None:
        """Stop answering; waits for the calls that are under way."""


class Bells:
    """A bell per queue in this process: ringing it makes one worker thread call `answer` with the queue's name."""

    def __init__(self, answer: Answer, groups: Sequence[Group] = GROUPS) -> None:
        self._actors: dict[str, dramatiq.Actor[[], None]] = {}
        self._workers = []
        for group in groups:
            # A broker a group: Dramatiq wants one worker a broker, and the ledger does retries, limits and fan-in itself.
            broker = StubBroker(middleware=[])
            self._actors |= _bells(broker, group, answer)
            self._workers.append(_worker(broker, group, 100))

    def ring(self, queue: str) -> None:
        """Say that a queue has work; unknown queues belong to other processes and are left alone."""
        actor = self._actors.get(queue)
        if actor is not None:
            actor.send()

    def start(self) -> None:
        """Start answering."""
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stop answering; waits for the calls that are under way."""
        for worker in self._workers:
            worker.stop(timeout=_STOP_TIMEOUT_MS)
            worker.broker.close()


class RedisBells:
    """Bells that lie in Redis: rung for every queue, answered for the queues of the groups of this process, if it has any."""

    def __init__(self, url: str, answer: Answer, groups: Sequence[Group] = ()) -> None:
        """Raises `Misconfigured`; connects later."""
        self._client = connect(url)
        self._sending = connect(url, tries=0)
        self._outgoing = _redis_broker(self._sending)
        self._ringer = Ringer(self._send)
        self._workers = []
        for group in groups:
            listening = _redis_broker(self._client)
            _bells(listening, group, answer)
            worker = _worker(listening, group, _POLL_MS)
            # A bell that a busy worker keeps for later would not be heard by an idle one.
            worker.queue_prefetch = group.threads
            self._workers.append(worker)

    def ring(self, queue: str) -> None:
        """Say that a queue has work; returns at once, and Redis hears of it as soon as it is there."""
        self._ringer.ring(queue)

    def start(self) -> None:
        """Start sending and answering."""
        self._ringer.start()
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stop; what was fetched and not answered goes back to Redis, and is otherwise rung for again by a sweeper."""
        if self._ringer.stop():
            self._sending.close()
        for worker in self._workers:
            try:
                with translated():
                    worker.stop(timeout=_STOP_TIMEOUT_MS)
            except BrokerUnavailable as error:
                log.warning("bells.not_returned", error=error.message)
        self._client.close()

    def _send(self, queue: str, times: int) -> None:
        with translated():
            if int(self._sending.llen(f"{NAMESPACE}:{queue}")) >= ENOUGH_BELLS:
                return
            for _ in range(times):
                self._outgoing.enqueue(
                    dramatiq.Message(queue_name=queue, actor_name=_name(queue), args=(), kwargs={}, options={})
                )


def open_bells(url: str, answer: Answer, groups: Sequence[Group]) -> Ringing:
    """The bells of a process that works on these groups: in Redis if `url` names one, else its own."""
    return RedisBells(url, answer, groups) if url else Bells(answer, groups)


def _redis_broker(client: redis.Redis) -> dramatiq.Broker:
    from dramatiq.brokers.redis import RedisBroker

    class Listening(RedisBroker):
        @property
        def consumer_class(self) -> type[dramatiq.Consumer]:
            return _letting_go(super().consumer_class)

    broker: dramatiq.Broker = Listening(  # type: ignore[no-untyped-call]
        client=client,  # given a URL instead, Dramatiq drops the options of the connection
        namespace=NAMESPACE,
        heartbeat_timeout=_HEARTBEAT_MS,
        maintenance_chance=_MAINTENANCE,
        middleware=[],
    )
    return broker


def _letting_go(consumer: type[dramatiq.Consumer]) -> type[dramatiq.Consumer]:
    """A consumer that does not mind when Redis cannot be told that a bell was answered; Dramatiq would try until it can be."""

    class LettingGo(consumer):  # type: ignore[misc,valid-type]  # Dramatiq's own for Redis
        def ack(self, message: dramatiq.MessageProxy) -> None:
            with suppress(dramatiq.BrokerConnectionError):
                super().ack(message)

        def nack(self, message: dramatiq.MessageProxy) -> None:
            with suppress(dramatiq.BrokerConnectionError):
                super().nack(message)

    return LettingGo


def _bells(broker: dramatiq.Broker, group: Group, answer: Answer) -> dict[str, dramatiq.Actor[[], None]]:
    def bell(queue: str) -> dramatiq.Actor[[], None]:
        def hear() -> None:
            answer(queue)

        return dramatiq.actor(actor_name=_name(queue), queue_name=queue, broker=broker)(hear)

    return {queue: bell(queue) for queue in group.queues}


def _worker(broker: dramatiq.Broker, group: Group, poll_ms: int) -> dramatiq.Worker:
    return dramatiq.Worker(broker, queues=set(group.queues), worker_timeout=poll_ms, worker_threads=group.threads)


def _name(queue: str) -> str:
    return f"bell_{queue}"
