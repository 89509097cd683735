"""A small fleet in which everything happens that dashboards tell of: work, cost, faults, deaths, people who ask wrongly."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from signal import SIGKILL
from threading import Event, Thread

import httpx

from access_keys import bearing
from chaos.diary import providers
from diarist.accounts.llm_terms import LlmTerms, change_llm_terms
from diarist.accounts.service import LOCAL
from diarist.database.session import Database
from fleet import Fleet, Member, fleet
from llm_servers import Fault, Llms, llm_servers
from otlp_receiver import otlp_receiver
from postgres_server import PostgresServer
from redis_server import RedisServer
from webhook_receiver import LOCAL as LOCALHOST
from webhook_receiver import Receiver, receiving_beside

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "tuesday_evening.opus"
SAID = (
    "I walked to the mill with Ada and we brought two cakes. I did not tell her about the job. Maybe we go again on Sunday. "
    "I have to call the office on 020 7946 0958 by Friday. It was a good day."
)
_EVERY = 1.5
"""Seconds between two recordings."""
_STEP = 0.25


@dataclass(slots=True, kw_only=True)
class BusyFleet:
    """Its processes, and what is known of the work that they were given."""

    fleet: Fleet
    llms: Llms
    receiver: Receiver
    writing: Member
    reading: Member
    workers: list[Member]
    given: list[str] = field(default_factory=list)
    """Addresses of jobs."""

    @property
    def targets(self) -> dict[str, list[str]]:
        """Addresses to be scraped, by role."""
        by_role: dict[str, list[str]] = {}
        for member in self.fleet.members:
            by_role.setdefault(member.role, []).append(f"127.0.0.1:{member.private}")
        return by_role

    def live(self, seconds: float) -> None:
        """Give recordings for so long, ask for what becomes of them, and let go wrong what may."""
        ended, began = Event(), time.monotonic()
        follower = Thread(target=self._follow, args=(ended,), daemon=True)
        follower.start()
        with self.writing.client() as writing, self.reading.client() as reading:
            self._subscribe(writing)
            misfortunes = deque(self._misfortunes(seconds))
            for number in itertools.count():
                passed = time.monotonic() - began
                if passed > seconds:
                    break
                while misfortunes and passed >= misfortunes[0][0]:
                    misfortunes.popleft()[1]()
                if passed >= len(self.given) * _EVERY:
                    self._give(writing, number)
                self._ask(writing, reading, number)
                ended.wait(_STEP)
        ended.set()
        follower.join(10)

    def _misfortunes(self, seconds: float) -> list[tuple[float, Callable[[], object]]]:
        """What happens when, in seconds from the beginning."""
        redis = self.fleet.redis
        return [
            (0.25 * seconds, lambda: self.workers[-1].process.send_signal(SIGKILL)),
            (0.4 * seconds, redis.kill),
            (0.4 * seconds + 3, redis.start),
            (0.55 * seconds, self._cut_connections),
        ]

    def _cut_connections(self) -> None:
        self.fleet.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname = current_database()"
        )

    def _subscribe(self, client: httpx.Client) -> None:
        wanted = {
            "url": self.receiver.url,
            "events": ["recording.received", "transcript.completed", "entry.created", "job.failed"],
        }
        client.post("/v1/subscriptions", json=wanted).raise_for_status()

    def _give(self, client: httpx.Client, number: int) -> None:
        """Most are sound; some are not even that, and some are no sound but look so at first."""
        content = SAMPLE.read_bytes() + str(number).encode()
        self.receiver.answers += ["503"] if number % 7 == 0 else []
        if number % 5 == 0:
            client.post("/v1/recordings", content=b"no sound", headers={"Content-Type": "text/plain"})
            client.post("/v1/recordings", content=content[:3000], headers={"Content-Type": "audio/ogg"})
        answer = client.post("/v1/recordings", content=content, headers={"Content-Type": "audio/ogg"})
        self.given.append(answer.headers.get("Location", ""))

    def _ask(self, writing: httpx.Client, reading: httpx.Client, number: int) -> None:
        """As people do who wait, and as a script does that has lost its key."""
        reading.get("/v1/jobs", params={"limit": 20})
        reading.get("/v1/recordings")
        reading.get("/v1/jobs/00000000-0000-7000-8000-000000000000")
        reading.get("/v1/entries", headers=bearing("wrong"))
        job = reading.get(self.given[number % len(self.given)]).json()
        if job.get("state") == "running" and number % 20 == 0:
            writing.post(f"/v1/jobs/{job['id']}/cancel")
        if job.get("state") == "succeeded" and number % 4 == 0:
            recording = f"/v1/recordings/{job['recording_id']}"
            reading.get(f"{recording}/audio")
            writing.post(f"{recording}/entry", json={})

    def _follow(self, ended: Event) -> None:
        """Hold a stream of events open."""
        with suppress(httpx.HTTPError), self.reading.client() as client, client.stream("GET", "/v1/events") as stream:
            for _ in stream.iter_raw():
                if ended.is_set():
                    return


@contextmanager
def busy_fleet(folder: Path, postgres: PostgresServer, redis: RedisServer) -> Iterator[BusyFleet]:
    """Two APIs, four workers that hear (one with a real model), one that writes, and all that they talk to."""
    with ExitStack() as stack:
        llms = stack.enter_context(llm_servers())
        llms.answer, llms.delay, llms.slow = providers.answer, 0.05, providers.HANG
        llms.always["openai"] = Fault.NONE
        llms.script("openai", *([Fault.NONE] * 6 + [Fault.BROKEN, Fault.SLOW, Fault.NO_JSON]) * 40)
        receiver = stack.enter_context(receiving_beside())
        traces = stack.enter_context(otlp_receiver(folder))
        members = stack.enter_context(fleet(folder, postgres, redis))
        asyncio.run(_budget(members.database_url))
        common = {
            "TELEMETRY__ENDPOINT": traces.url, "QUEUE__LEASE": "5", "QUEUE__BACKOFF_LIMIT": "2", "PLAN__CHUNK_SECONDS": "20",
            "COSTS__CORE_HOUR": "0.04", "COSTS__GB_IN": "0.01", "COSTS__GB_OUT": "0.09",
            "LIMITS__REFUSALS_PER_MINUTE": "60", "LIMITS__REQUESTS_PER_MINUTE": "100000",
            "WEBHOOKS__ALLOW_HTTP": "true", "WEBHOOKS__PORTS": json.dumps([receiver.port]),
            "WEBHOOKS__PRIVATE_NETWORKS": json.dumps([str(LOCALHOST)]), "WEBHOOKS__RETRIES": "[1, 2, 4]",
        } | dict(providers.settings(llms))  # fmt: skip
        scripts = (
            {"ENGINE__MODEL": f"speed=60;fail=3;phantom=Thanks for watching.;say={SAID}"},
            {"ENGINE__MODEL": f"speed=60;die=1;once={folder / 'died'};mute=3-8;say={SAID}"},
            {"ENGINE__NAME": "auto", "ENGINE__MODEL": "tiny.en"},
            {"ENGINE__MODEL": "speed=1"},
        )
        begun = [
            members.begin(role, **common, **own)
            for role, own in (
                ("ingestion-api", {}), ("job-status-api", {}), ("llm-worker", {}),
                *(("transcription-worker", script) for script in scripts),
            )
        ]  # fmt: skip
        for member in begun:
            member.await_ready()
        yield BusyFleet(
            fleet=members, llms=llms, receiver=receiver, writing=begun[0], reading=begun[1], workers=begun[3:]
        )  # fmt: skip


async def _budget(database_url: str) -> None:
    database = Database.open(database_url)
    try:
        async with database.write() as session:
            await change_llm_terms(session, LOCAL, lambda _: LlmTerms(day_usd=Decimal(20), month_usd=Decimal(300)))
    finally:
        await database.close()
