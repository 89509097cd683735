"""Where an upgrade takes place: real servers, a fleet of the old release behind load balancers, and people who use it."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

import waiting
from chaos import audit, recordings
from chaos.faults import Happened
from chaos.load import Clients
from chaos.recordings import Memo
from chaos.servers import OPTIONS
from postgres_server import running_server
from redis_server import redis_server
from s3_server import ACCESS_KEY, SECRET_KEY, s3_server
from upgrade import books
from upgrade.front import Front
from upgrade.members import Fleet, Member
from upgrade.onlookers import Follower, Reader
from upgrade.releases import Release
from webhook_receiver import Receiver, receiving_beside

SHAPE = ("ingestion-api", "transcription-worker", "job-status-api", "llm-worker", "ingestion-api")
"""A fleet, in the order in which its members are replaced."""
_ROUND = 5
"""Recordings that are uploaded at once."""
_ROUND_SECONDS = 6.0
_OPEN = "SELECT count(*) FROM tasks WHERE state IN ('waiting', 'queued', 'running')"
_QUIET = 90.0
"""Seconds until all work is done, once nobody uploads any more."""


class CommandFailed(Exception):
    """A command of an operator did not do what it should."""


@dataclass(kw_only=True)
class Scene:
    """All of it."""

    settings: dict[str, str]
    database: str
    folder: Path
    key: str
    fleet: Fleet
    writing: Sequence[Front]
    reading: Front
    receiver: Receiver
    began: float
    happened: list[Happened] = field(default_factory=list)

    def connect(self) -> psycopg.Connection:
        """A connection of whoever watches."""
        return psycopg.connect(self.database, autocommit=True)

    def command(self, release: Release, *words: str, refused: bool = False) -> str:
        """Run what an operator would; what it prints. Raises `CommandFailed` unless it does as it should."""
        with self._noting("command", f"{release.name}: diarist {' '.join(words)}"):
            ran = release.call(self.settings, *words)
        if bool(ran.returncode) != refused:
            raise CommandFailed(f"{release.name}: diarist {' '.join(words)} ended with {ran.returncode}: {ran.stderr[-2000:]}")
        return ran.stderr if refused else ran.stdout

    def migrate(self, release: Release, *words: str) -> dict[str, Any]:
        """Run `db upgrade`; what it has done."""
        done: dict[str, Any] = json.loads(self.command(release, "db", "upgrade", *words, "--json"))
        return done

    def replace_all(self, release: Release, *, but: int = 0) -> None:
        """All that run something else, one after the other; `but`: so many are left.

        As Kubernetes does it: each is told to end when another one takes its place, and ends while the next one starts.
        """
        left, chosen = [one for one in self.fleet.running() if one.release != release], []
        for role in SHAPE:
            member = next((one for one in left if one.role == role), None)
            if member is not None and len(left) > but:
                left.remove(member)
                chosen.append(member)
        coming = [self.fleet.begin(release, chosen[0].role)]
        for number, member in enumerate(chosen, start=1):
            with self._noting("replaced", f"{member.name} by {release.name}"):
                self._await(coming[-1])
                coming += [self.fleet.begin(release, following.role) for following in chosen[number : number + 1]]
                self.fleet.end(member)

    def add(self, release: Release, role: str) -> Member:
        """Start one more, and wait until it is ready, and known to be."""
        member = self.fleet.begin(release, role)
        self._await(member)
        return member

    def _await(self, member: Member) -> None:
        member.await_ready()
        for front in (*self.writing, self.reading):
            if front.serves(member.role):
                waiting.until(partial(front.knows, member))

    def logs(self) -> list[Path]:
        """What each process has said."""
        return sorted(self.folder.glob("*.log"))

    def until_quiet(self) -> float:
        """Seconds until nothing is to be done any more, or about as long as that may take."""
        began = time.monotonic()
        with self.connect() as connection:
            while (waited := time.monotonic() - began) < _QUIET and audit.many(connection, _OPEN)[0][0]:
                time.sleep(0.5)
        return waited

    @contextmanager
    def _noting(self, kind: str, what: str) -> Iterator[None]:
        at = time.monotonic()
        try:
            yield
        finally:
            done = Happened(at=at - self.began, kind=kind, what=what, seconds=time.monotonic() - at)
            self.happened.append(done)
            sys.stderr.write(f"{done.at:.0f} s: {kind} {what}, {done.seconds:.1f} s\n")


class Uploading(threading.Thread):
    """Uploads round after round, until told to end."""

    def __init__(self, scene: Scene, folder: Path, seed: int) -> None:
        super().__init__(name="uploads", daemon=True)
        rng = random.Random(seed)
        self.crash: BaseException | None = None
        self._memos = recordings.make(folder, 10_000, random.Random(seed))
        self._ended = threading.Event()
        # Whoever does not get an answer asks again at the next round, and at the end for as long as this.
        self.clients = Clients([front.url for front in scene.writing], scene.key, rng, time.monotonic() + 600)

    def run(self) -> None:
        try:
            while not self._ended.is_set():
                memos: list[Memo] = list(islice(self._memos, _ROUND))
                asyncio.run(self.clients.upload_all(memos, [], _ROUND_SECONDS))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self.crash = error

    def end(self) -> None:
        """Finish the round; raises what went wrong."""
        self._ended.set()
        self.join(120)
        if self.crash is not None:
            raise self.crash


@contextmanager
def scene(old: Release, new: Release, folder: Path) -> Iterator[Scene]:
    """A fleet of the old release at work; nothing is left of it afterwards."""
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving_beside())
        postgres = stack.enter_context(running_server(options=OPTIONS))
        for name in ("redis", "s3"):
            (folder / name).mkdir()
        redis, s3 = stack.enter_context(redis_server(folder / "redis")), stack.enter_context(s3_server(folder / "s3"))
        url = postgres.create()
        settings = {
            "DATABASE__URL": url, "BROKER__URL": redis.url, "DATA_DIR": str(folder / "data" / "operator"),
            "CACHE_DIR": str(folder / "cache"), "STORAGE__URL": s3.new_place(), "STORAGE__ENDPOINT": s3.endpoint,
            "STORAGE__REGION": "us-east-1", "STORAGE__ACCESS_KEY_ID": ACCESS_KEY, "STORAGE__SECRET_ACCESS_KEY": SECRET_KEY,
            "STORAGE__ALLOW_HTTP": "true", "ENGINE__NAME": "scripted", "ENGINE__MODEL": "speed=60",
            "PLAN__CHUNK_SECONDS": str(recordings.CHUNK_SECONDS), "LOG__FORMAT": "json", "LIMITS__REQUESTS_PER_MINUTE": "0",
            "WEBHOOKS__ALLOW_HTTP": "true", "WEBHOOKS__PORTS": f"[{receiver.port}]",
            "WEBHOOKS__PRIVATE_NETWORKS": '["127.0.0.1/32"]',
        }  # fmt: skip
        fleet = Fleet(settings, folder)
        stack.callback(fleet.close)
        writing = [Front("ingestion-api", fleet.of("ingestion-api")) for _ in range(2)]
        reading = Front("job-status-api", fleet.of("job-status-api"))
        for front in (*writing, reading):
            front.start()
            stack.callback(front.close)
        at = Scene(
            settings=settings, database=url, folder=folder, key="", fleet=fleet, writing=writing, reading=reading,
            receiver=receiver, began=time.monotonic(),
        )  # fmt: skip
        at.migrate(old)
        scopes = [word for scope in ("read", "add", "edit", "manage") for word in ("--scope", scope)]
        at.key = at.command(old, "keys", "create", "upgrade", *scopes).strip()
        with at.connect() as connection:
            books.install(connection)
        for member in [fleet.begin(old, role) for role in SHAPE]:
            member.await_ready()
        yield at


@contextmanager
def onlookers(at: Scene, seed: int) -> Iterator[tuple[list[Reader], list[Follower]]]:
    """Two who read and two who follow, one of each at either kind of API where both answer."""
    ended = threading.Event()
    readers = [Reader(at.reading.url, at.key, seed + number, ended) for number in range(2)]
    followers = [Follower(front.url, at.key, ended) for front in (at.reading, at.writing[0])]
    for thread in (*readers, *followers):
        thread.start()
    try:
        yield readers, followers
    finally:
        ended.set()
        for reader in readers:
            reader.join(60)
