"""What is done to a fleet, at random and yet the same for the same seed: two hands, one at the servers, one at the processes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import psycopg

from chaos import audit
from chaos.disk import SmallDisk
from chaos.fault_proxy import Way
from chaos.fleet_processes import FleetProcesses, Member
from chaos.load import Clients
from chaos.servers import Servers
from diarist.queue.broker import RedisBells

HALF_OPEN_SECONDS = 8.0
"""Shorter than a lease: whoever is healthy keeps what it has."""
SLOW_SECONDS = 10.0
STILL_SECONDS = 40.0
S3_GONE_SECONDS = 20.0
DISK_FULL_SECONDS = 12.0
_LOOK = 4.0
"""Seconds to wait for a moment in which a fault hurts most."""

Fault = Callable[[], str]
"""Does it, and says what was done to whom."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One fault."""

    at: float
    """Seconds from the begin of the run."""
    kind: str
    what: str
    seconds: float


@dataclass(kw_only=True)
class Faults:
    """Every fault there is, and what has happened so far."""

    servers: Servers
    fleet: FleetProcesses
    clients: Clients
    disk: SmallDisk | None
    rng: random.Random
    still_seconds: float = STILL_SECONDS
    s3_gone_seconds: float = S3_GONE_SECONDS
    happened: list[Happened] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    broken: list[str] = field(default_factory=list)
    """Faults that could not be brought about; a run without them proves less than it says."""
    standing: list[threading.Thread] = field(default_factory=list)
    """One for each process that was suspended; it ends when the process goes on."""
    _turns: dict[str, int] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def at_servers(self) -> dict[str, Fault]:
        """By kind."""
        return {
            "Redis flushed": self._flush_redis,
            "Redis killed": self._kill_redis,
            "PostgreSQL killed": self._kill_postgres,
            "S3 gone": self._take_s3_away,
            "connections cut": self._cut,
            "packets late": self._delay,
            "half-open": self._swallow,
            "bells doubled": self._ring_twice,
            **({"disk full": self._fill_disk} if self.disk else {}),
        }

    def at_processes(self) -> dict[str, Fault]:
        """By kind."""
        return {
            "worker killed": lambda: self._kill("transcription-worker"),
            "worker suspended": self._suspend,
            "llm-worker killed": lambda: self._kill("llm-worker"),
            "API killed in mid-upload": self._kill_api,
        }

    def begin(self) -> None:
        """From now on time counts."""
        self._began = time.monotonic()

    def do(self, order: Sequence[tuple[str, Fault]], seconds: float) -> None:
        """One after the other, spread over a time, with pauses of chance length between them."""
        until = self._began + seconds
        for number, (kind, fault) in enumerate(order):
            left = until - time.monotonic()
            if left <= 0 or self.ended.wait(self.rng.uniform(0.1, 0.7) * left / (len(order) - number)):
                self.broken += [f"{kind}: there was no time left for it"]
                continue
            began = time.monotonic()
            try:
                what = fault()
            except Exception as error:  # noqa: BLE001 - it fails the run, and the other faults go on
                self.broken.append(f"{kind}: {type(error).__name__}: {error}")
            else:
                seconds_taken = time.monotonic() - began
                self.happened.append(Happened(at=began - self._began, kind=kind, what=what, seconds=seconds_taken))

    def _flush_redis(self) -> str:
        with self.servers.redis.client() as client:
            client.flushall()
        return "FLUSHALL"

    def _kill_redis(self) -> str:
        away = self.rng.uniform(1, 5)
        self.servers.redis.kill()
        self.ended.wait(away)
        self.servers.redis.start()
        return f"kill -9, back after {away:.1f} s"

    def _kill_postgres(self) -> str:
        away = self.rng.uniform(0.5, 4)
        self.servers.postgres.kill()
        self.ended.wait(away)
        self.servers.postgres.start()
        return f"kill -9, back after {away:.1f} s"

    def _take_s3_away(self) -> str:
        self.servers.s3.kill()
        self.ended.wait(self.s3_gone_seconds)
        self.servers.s3.start()
        return f"kill -9, back after {self.s3_gone_seconds:.0f} s"

    def _cut(self) -> str:
        name, share = self._next_line("connections cut"), self.rng.uniform(0.5, 1.0)
        self.servers.proxies[name].reset(share)
        return f"{share:.0%} of those to {name}"

    def _delay(self) -> str:
        return self._for_a_while(Way.SLOW, SLOW_SECONDS)

    def _swallow(self) -> str:
        return self._for_a_while(Way.HALF_OPEN, HALF_OPEN_SECONDS)

    def _for_a_while(self, way: Way, seconds: float) -> str:
        name = self._next_line(way)
        self.servers.proxies[name].set(way)
        self.ended.wait(seconds)
        self.servers.proxies[name].set(Way.OPEN)
        return f"those to {name} for {seconds:.0f} s"

    def _next_line(self, kind: str) -> str:
        """Whose connections suffer: each server's in turn."""
        names = list(self.servers.proxies)
        self._turns[kind] = self._turns.get(kind, self.rng.randrange(len(names))) + 1
        return names[self._turns[kind] % len(names)]

    def _ring_twice(self) -> str:
        bells = RedisBells(self.servers.redis.url, lambda _: None)
        bells.start()
        for queue in ("audio", "transcription", "llm", "delivery"):
            for _ in range(10):
                bells.ring(queue)
        bells.stop()
        return "10 for each queue"

    def _fill_disk(self) -> str:
        if self.disk is None:
            raise RuntimeError("there is no small disk")
        with self.disk.full():
            self.ended.wait(DISK_FULL_SECONDS)
        return f"the copies of a worker for {DISK_FULL_SECONDS:.0f} s"

    def _kill(self, role: str) -> str:
        member = self._at_work(self.fleet.of(role))
        self.fleet.kill(member)
        return member.incarnation

    def _suspend(self) -> str:
        """Returns once it stands still with a task in its hands; it goes on later, beside all else that happens."""
        others = [member for member in self.fleet.of("transcription-worker") if not self.disk or member.cache != self.disk.path]
        deadline = time.monotonic() + 2 * _LOOK
        while True:
            member = self._at_work(others, "transcribe")
            loss = self.fleet.suspend(member)
            if self._holds(member) or time.monotonic() > deadline:
                break
            self.fleet.resume(member)  # it was done in that very moment
        self.fleet.losses.append(loss)
        standing = threading.Thread(target=self._resume_later, args=(member,))
        standing.start()
        self.standing.append(standing)
        return f"{member.incarnation} for {self.still_seconds:.0f} s"

    def _holds(self, member: Member) -> bool:
        """Whether it holds a task, when what it had said by then has been heard."""
        self.ended.wait(0.2)
        with suppress(psycopg.Error), self.servers.postgres.connect() as connection:
            return bool(audit.holding(connection, member.incarnation))
        return False

    def _resume_later(self, member: Member) -> None:
        self.ended.wait(self.still_seconds)
        self.fleet.resume(member)

    def _kill_api(self) -> str:
        apis = self.fleet.of("ingestion-api")
        self.rng.shuffle(apis)
        receiving = self._soon(lambda: next((api for api in apis if self.clients.sending[api.url]), None))
        member = receiving or apis[0]
        sending = self.clients.sending[member.url]
        self.fleet.kill(member)
        return f"{member.incarnation}, {sending} bodies on their way"

    def _at_work(self, members: Sequence[Member], stage: str = "") -> Member:
        """One of these that may be hurt, holding a task, of a stage if one is named, if that can be had."""
        found = [member for member in members if member.alive() and not member.still and not member.plan.spared]
        self.rng.shuffle(found)

        def busy() -> Member | None:
            with suppress(psycopg.Error), self.servers.postgres.connect() as connection:
                for member in found:
                    if any(stage in ("", held) for _, held in audit.holding(connection, member.incarnation)):
                        return member
            return None

        return self._soon(busy) or found[0]

    def _soon(self, look: Callable[[], T | None]) -> T | None:
        deadline = time.monotonic() + _LOOK
        while time.monotonic() < deadline:
            if (found := look()) is not None:
                return found
            self.ended.wait(0.02)
        return None


def order_of(
    kinds: Mapping[str, Fault], times: Mapping[str, int], rng: random.Random, *, early: str = ""
) -> list[tuple[str, Fault]]:
    """Each kind so many times, shuffled; what takes long to heal, `early`, comes in the first half."""
    order = [kind for kind in kinds for _ in range(times.get(kind, 0))]
    rng.shuffle(order)
    late = order[len(order) // 2 :]
    order = [kind for kind in order if kind != early or kind not in late]
    missing = times.get(early, 0) - order.count(early) if early in kinds else 0
    for _ in range(missing):
        order.insert(rng.randrange(max(1, len(order) // 2)), early)
    return [(kind, kinds[kind]) for kind in order]
