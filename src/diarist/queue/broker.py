"""The engine that rings workers: Dramatiq, here with its in-memory broker. The only file that knows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import dramatiq
from dramatiq.brokers.stub import StubBroker

STOP_TIMEOUT_MS = 20_000


@dataclass(frozen=True, slots=True)
class Group:
    """Queues that share a number of threads."""

    queues: tuple[str, ...]
    threads: int
    """How many tasks of these queues may run at once in this process."""


GROUPS = (Group(("audio",), 2), Group(("transcription",), 1), Group(("llm", "delivery"), 4))
"""One thread of transcription: an engine already uses every core."""


class Bells:
    """A bell per queue: ringing it makes one worker thread call `answer` with the queue's name.

    A message carries nothing but "this queue has work", so a lost or doubled one does no harm.
    """

    def __init__(self, answer: Callable[[str], None], groups: Sequence[Group] = GROUPS) -> None:
        self._actors: dict[str, dramatiq.Actor[[], None]] = {}
        self._workers: list[dramatiq.Worker] = []
        for group in groups:
            # A broker a group: Dramatiq wants one worker a broker, and the ledger does retries, limits and fan-in itself.
            broker = StubBroker(middleware=[])
            for queue in group.queues:
                self._actors[queue] = _bell(broker, queue, answer)
            self._workers.append(
                dramatiq.Worker(broker, queues=set(group.queues), worker_timeout=100, worker_threads=group.threads)
            )

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
            worker.stop(timeout=STOP_TIMEOUT_MS)
            worker.broker.close()


def _bell(broker: StubBroker, queue: str, answer: Callable[[str], None]) -> dramatiq.Actor[[], None]:
    def bell() -> None:
        answer(queue)

    return dramatiq.actor(actor_name=f"bell_{queue}", queue_name=queue, broker=broker)(bell)
