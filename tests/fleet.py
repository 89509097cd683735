"""A fleet of real processes over a real PostgreSQL and a real Redis, with the scripted engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

import waiting
from access_keys import bearing, new_key
from postgres_server import PostgresServer, free_port
from redis_server import RedisServer

PATIENCE = 60.0
"""Seconds that anything here may take on a slow machine."""


class Fleet:
    """What its processes share, and those that were started."""

    def __init__(self, folder: Path, database_url: str, redis: RedisServer) -> None:
        self.folder, self.database_url, self.redis = folder, database_url, redis
        self.key = new_key(database_url)
        self.members: list[Member] = []

    def start(self, role: str, **settings: str) -> Member:
        """Start a role and wait until it is ready."""
        member = self.begin(role, **settings)
        member.await_ready()
        return member

    def begin(self, role: str, **settings: str) -> Member:
        """Start a role."""
        member = Member(role, self.environment() | settings, self.key)
        self.members.append(member)
        return member

    def environment(self) -> dict[str, str]:
        """Settings that all processes have in common, by their names without the prefix."""
        return {
            "DATA_DIR": str(self.folder / "data"),
            "STORAGE__URL": (self.folder / "blobs").as_uri(),
            "DATABASE__URL": self.database_url,
            "BROKER__URL": self.redis.url,
            "ENGINE__NAME": "scripted",
            "ENGINE__MODEL": "speed=2000",
            "LOG__FORMAT": "json",
        }

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def close(self) -> None:
        for member in self.members:
            member.close()


class Member:
    """One process of a fleet."""

    def __init__(self, role: str, settings: Mapping[str, str], key: str) -> None:
        self.role, self._key = role, key
        self.public, self.private = free_port(), free_port()
        own = {**settings, "HTTP__PORT": str(self.public), "HTTP__PRIVATE_PORT": str(self.private)}
        self.log = Path(settings["DATA_DIR"]).parent / f"{role}-{self.private}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "diarist", "serve", role],
                env={**os.environ, **{f"DIARIST_{name}": value for name, value in own.items()}},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """Of its public port, with a key for everything."""
        address, headers = f"http://127.0.0.1:{self.public}", bearing(self._key)
        with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE, trust_env=False) as client:
            yield client

    def ready(self, *, public: bool = False) -> dict[str, Any]:
        """What it says of its readiness; nothing while it does not answer."""
        port = self.public if public else self.private
        try:
            answer: dict[str, Any] = httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=10, trust_env=False).json()
        except httpx.HTTPError:
            return {}
        return answer

    def await_ready(self) -> None:
        """Until it says that it is."""
        until(lambda: self.ready().get("status") == "ready", self)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Exit status and seconds until it had ended."""
        began = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(PATIENCE), time.monotonic() - began

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)


def until(condition: Callable[[], Any], member: Member | None = None) -> Any:
    """What the condition gives, once it gives something; what a member logged says why it did not."""
    if member is None:
        return waiting.until(condition, patience=PATIENCE)
    return waiting.until(
        condition, patience=PATIENCE, process=member.process, why=lambda: f"{member.role}: {member.log.read_text()[-3000:]}"
    )


@contextmanager
def fleet(folder: Path, postgres: PostgresServer, redis: RedisServer) -> Iterator[Fleet]:
    """A fleet without members yet, over a database of its own."""
    url = postgres.create_migrated()
    found = Fleet(folder, url, redis)
    try:
        yield found
    finally:
        found.close()
        postgres.drop(url)
