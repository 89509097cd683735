"""The servers of a fleet, each ready to be killed and started again, and reached by way of a proxy that fails when told to."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock

import psycopg

from access_keys import new_key
from chaos.fault_proxy import FaultProxy
from postgres_server import PostgresServer, command, free_port, private_folder, start, stop
from redis_server import RedisServer
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server

OPTIONS = ("max_connections=200", "shared_buffers=64MB", "log_min_messages=fatal")
"""All else as PostgreSQL comes: what was committed is on disk."""
_RESTARTED = 30.0
"""Seconds in which the last processes of a killed PostgreSQL end, and let go of its memory."""


class Postgres:
    """A durable PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        command("initdb", "-D", self._data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        self._port = free_port()
        self._process: subprocess.Popen[bytes] = start(self._data, self._port, OPTIONS)
        self.url = PostgresServer(f"postgresql://postgres@127.0.0.1:{self._port}/postgres").create_migrated()
        self.port = self._port

    def kill(self) -> None:
        """SIGKILL, as when the machine's memory runs out."""
        stop(self._process, signal.SIGKILL)

    def start(self) -> None:
        """Start it again; it recovers by itself."""
        deadline = time.monotonic() + _RESTARTED
        while True:
            try:
                self._process = start(self._data, self._port, OPTIONS)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def close(self) -> None:
        stop(self._process)

    def reached_at(self, port: int, member: str) -> str:
        """Its URL by way of another port; what is written through it bears the name of a member of the fleet."""
        name, _, database = self.url.rpartition("/")
        return f"{name.replace(str(self._port), str(port))}/{database}?options=-c%20chaos.member%3D{member}"

    def connect(self) -> psycopg.Connection:
        """A connection past the proxy; for those who watch."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)


class Servers:
    """All three, and the proxies before them."""

    def __init__(self, postgres: Postgres, redis: RedisServer, s3: S3Server, seed: int) -> None:
        self.postgres, self.redis, self.s3 = postgres, redis, s3
        self.place = s3.new_place()
        self.key = new_key(postgres.url)
        """Of whoever uses the fleet."""
        s3_port = int(s3.endpoint.rpartition(":")[2])
        targets = {"postgresql": postgres.port, "redis": redis.port, "s3": s3_port}
        self.proxies = {name: FaultProxy(port, seed + number) for number, (name, port) in enumerate(targets.items())}
        self.restarting = Lock()
        """Held while one of them is down, so that whoever watches past the proxies does not look then."""

    def settings(self, member: str) -> dict[str, str]:
        """What a member of the fleet is told of them, by the names of its settings without the prefix."""
        return {
            "DATABASE__URL": self.postgres.reached_at(self.proxies["postgresql"].port, member),
            "BROKER__URL": f"redis://127.0.0.1:{self.proxies['redis'].port}/0",
            "STORAGE__URL": self.place,
            "STORAGE__ENDPOINT": f"http://127.0.0.1:{self.proxies['s3'].port}",
            "STORAGE__REGION": "us-east-1",
            "STORAGE__ACCESS_KEY_ID": ACCESS_KEY,
            "STORAGE__SECRET_ACCESS_KEY": SECRET_KEY,
            "STORAGE__ALLOW_HTTP": "true",
        }


@contextmanager
def open_servers(folder: Path, seed: int) -> Iterator[Servers]:
    """Start them all; at the end nothing is left of them."""
    with ExitStack() as stack:
        postgres = Postgres(stack.enter_context(private_folder()))
        stack.callback(postgres.close)
        for name in ("redis", "s3"):
            (folder / name).mkdir()
        redis, s3 = RedisServer(folder / "redis"), S3Server(folder / "s3")
        for server in (redis, s3):
            stack.callback(server.close)
            server.start()
        servers = Servers(postgres, redis, s3, seed)
        for proxy in servers.proxies.values():
            proxy.start()
            stack.callback(proxy.close)
        yield servers
