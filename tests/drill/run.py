"""A drill for disasters, on real servers: lose Redis, the primary database, the bucket, the database with its standby.

    make drill ARGS="--seed 7"

A fleet works for people meanwhile. After each loss everything that was acknowledged is looked for: sound, transcript, entry.
Prints a table, writes it as JSON, and exits 1 when anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from os import environ
from pathlib import Path
from typing import Any

from chaos.recordings import CHUNK_SECONDS, make
from chaos.report import Finding, none, save, show
from diarist.backup.key import make_key
from diarist.database.migrate import run
from diarist.storage.blobs import Blobs
from diarist.wiring import metadata
from drill.databases import Server
from drill.people import People
from fleet import Fleet, Member
from postgres_server import private_folder, program
from redis_server import RedisServer
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server, s3_server

RESULTS = Path(__file__).parents[2] / "build" / "drill.json"
ROLES = ("ingestion-api", "job-status-api", "transcription-worker", "llm-worker")
_WORKS = {"ENGINE__MODEL": "speed=40", "PLAN__CHUNK_SECONDS": str(CHUNK_SECONDS), "LOG__LEVEL": "warning"}


class Drill:
    """The system, who uses it, and what was seen."""

    def __init__(self, folder: Path, postgres_folder: Path, redis: RedisServer, s3: S3Server, people: People) -> None:
        self.folder, self.redis, self.s3, self.people = folder, redis, s3, people
        self.primary, self.standby = Server(postgres_folder / "primary"), Server(postgres_folder / "standby")
        self.spare = Server(postgres_folder / "spare")
        self.place = s3.new_place()
        self.findings: list[Finding] = []
        make_key(folder / "backup.key")
        self.primary.initialise()
        self.standby.follow(self.primary)
        asyncio.run(run(self.primary.url, metadata(), "upgrade", "head"))
        self.fleet = Fleet(folder, self.primary.url, redis)

    @property
    def settings(self) -> dict[str, str]:
        return {
            **_WORKS, "STORAGE__URL": self.place, "STORAGE__ENDPOINT": self.s3.endpoint, "STORAGE__REGION": "us-east-1",
            "STORAGE__ACCESS_KEY_ID": ACCESS_KEY, "STORAGE__SECRET_ACCESS_KEY": SECRET_KEY, "STORAGE__ALLOW_HTTP": "true",
            "BACKUP__STORE__URL": (self.folder / "backups").as_uri(), "BACKUP__KEY_FILE": str(self.folder / "backup.key"),
            "BACKUP__POSTGRESQL_PROGRAMS": str(program("pg_dump").parent),
        }  # fmt: skip

    def start(self) -> None:
        """Start the roles, all at once, and wait until they are ready."""
        for member in [self.fleet.begin(role, **self.settings) for role in ROLES]:
            member.await_ready()

    def stop(self) -> None:
        """Kill the roles, as when their machines are gone."""
        self.fleet.close()
        self.fleet.members.clear()

    @property
    def api(self) -> Member:
        return self._member("ingestion-api")

    @property
    def reads(self) -> Member:
        return self._member("job-status-api")

    def _member(self, role: str) -> Member:
        return next(member for member in self.fleet.members if member.role == role)

    def diarist(self, *arguments: str) -> dict[str, Any]:
        """What a command says in JSON."""
        variables = {f"DIARIST_{name}": value for name, value in (self.fleet.environment() | self.settings).items()}
        command = [sys.executable, "-m", "diarist", *arguments, "--json"]
        ended = subprocess.run(command, env={**environ, **variables}, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        found: dict[str, Any] = json.loads(ended.stdout)
        return found

    @contextmanager
    def disaster(self, name: str) -> Iterator[None]:
        """Time what is done until all is well again, and look for everything that was acknowledged."""
        _say(name)
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        with self.api.client() as client:
            self.people.give(client, 1)
        with self.reads.client() as client:
            self.people.wait(client)
            missed = self.people.miss(client)
        self.findings.append(replace(none(f"{name}: lost", missed), detail="; ".join(missed) or f"back after {took:.1f} s"))

    def backup(self, name: str) -> None:
        """Make one and say how long it took."""
        made = self.diarist("backup", "create")["backup"]
        detail = f"{made['blobs']} blobs, {made['copied']} of them new, {made['rows']} rows"
        self.findings.append(Finding(name=f"backup {name}", value=made["seconds"], unit="s", detail=detail))

    def close(self) -> None:
        self.fleet.close()
        for server in (self.primary, self.standby, self.spare):
            server.close()


def lose_redis(drill: Drill) -> None:
    """Redis and all that it held; the ledger stands in the database."""
    with drill.api.client() as client:
        drill.people.give(client, 3)
    drill.redis.kill()
    folder = drill.folder / "redis"
    shutil.rmtree(folder)
    folder.mkdir()
    with drill.api.client() as client:
        drill.people.give(client, 2)
    drill.redis.start()


def lose_primary(drill: Drill) -> None:
    """The primary database in the middle of the work; its standby takes over."""
    with drill.api.client() as client:
        drill.people.give(client, 3)
    drill.primary.lose()
    drill.standby.promote()
    drill.stop()
    drill.fleet.database_url = drill.standby.url
    drill.start()


def lose_bucket(drill: Drill) -> None:
    """Every object of the bucket; the database lives."""
    drill.backup("before the bucket is lost")
    blobs = Blobs.open(drill.place, drill.s3.settings(drill.place))
    asyncio.run(blobs.delete_under("accounts"))
    restored = drill.diarist("backup", "restore", "--only", "blobs")
    assert restored["blobs_copied"], restored


def lose_everything(drill: Drill) -> None:
    """Database, standby, bucket and Redis, with jobs in the middle of their work; only the backup is left."""
    with drill.api.client() as client:
        drill.people.give(client, 3)
    drill.backup("in the middle of the work")
    drill.stop()
    drill.standby.lose()
    drill.redis.kill()
    drill.place = drill.s3.new_place()
    began = time.monotonic()
    drill.spare.initialise()
    drill.redis.start()
    drill.fleet.database_url = drill.spare.url
    drill.diarist("backup", "restore")
    drill.findings.append(Finding(name="restore of everything", value=round(time.monotonic() - began, 1), unit="s"))
    drill.start()


DISASTERS: dict[str, Callable[[Drill], None]] = {
    "Redis with all that it held": lose_redis,
    "the primary database, its standby takes over": lose_primary,
    "the bucket, from a backup": lose_bucket,
    "database, standby, bucket and Redis, from a backup": lose_everything,
}


def prove(folder: Path, seed: int) -> list[Finding]:
    """Lose one after the other."""
    with ExitStack() as stack:
        _say("starting PostgreSQL with a standby, Redis, S3 and a fleet")
        for name in ("redis", "s3", "memos"):
            (folder / name).mkdir()
        redis = RedisServer(folder / "redis")
        redis.start()
        stack.callback(redis.close)
        s3 = stack.enter_context(s3_server(folder / "s3"))
        people = People(make(folder / "memos", 100, random.Random(seed)))
        drill = Drill(folder, stack.enter_context(private_folder()), redis, s3, people)
        stack.callback(drill.close)
        drill.start()
        with drill.api.client() as client:
            people.give(client, 4)
        for name, lose in DISASTERS.items():
            with drill.disaster(name):
                lose(drill)
        acknowledged = Finding(name="recordings that were acknowledged", value=len(people.acknowledged), at_least=15)
        return [acknowledged, *drill.findings]


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def main() -> int:
    """Run the drill; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=7, help="of the recordings")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="diarist-drill-") as folder:
        findings = prove(Path(folder), chosen.seed)
    show(findings, (), f"Disasters, {time.monotonic() - began:.0f} s")
    save(RESULTS, findings, (), {"seed": chosen.seed, "seconds": round(time.monotonic() - began, 1)})
    return int(any(finding.missed for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
