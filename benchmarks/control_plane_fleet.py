"""The fleet that is measured: PostgreSQL, Redis, APIs, workers and a source of recordings, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
from sqlalchemy.engine import make_url

from postgres_server import PostgresServer, free_port, running_server
from redis_server import RedisServer, redis_server

HERE = Path(__file__).resolve().parent
COUNTED, WATCH = ("apis", "workers", "source"), "watch"
"""PostgreSQL counts by user; the benchmark's own questions are not counted."""
SERVER = ("max_connections=300", "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.max=2000")
"""All else as PostgreSQL comes: fsync, synchronous_commit and full_page_writes are on."""
PATIENCE = 60.0
NOTHING: Mapping[str, str] = {}


class MeasuredFleet:
    """Starts processes over one database and ends them."""

    def __init__(
        self, folder: Path, database_url: str, redis: RedisServer, settings: Mapping[str, str] = NOTHING, *, silent: bool = False
    ) -> None:
        """`settings`: of all its processes. `silent`: they do not tell of their work."""
        self._folder, self._url, self._redis = folder, database_url, redis
        self._settings, self._silent = settings, silent
        self._started: list[subprocess.Popen[bytes]] = []
        self.private: list[str] = []
        """Where the APIs tell of themselves."""

    def url_for(self, user: str) -> str:
        """The database, as a user of its own."""
        return make_url(self._url).set(username=user).render_as_string(hide_password=False)

    def api(self, role: str, settings: Mapping[str, str] = NOTHING) -> tuple[subprocess.Popen[bytes], str]:
        """Start an API; its process and address."""
        return self.role(role, "apis", settings)

    def role(
        self, role: str, user: str, settings: Mapping[str, str] = NOTHING, *, nice: int = 0
    ) -> tuple[subprocess.Popen[bytes], str]:
        """Start a role as that user of the database, nicer by so much; its process and address once it is ready."""
        port, private = free_port(), free_port()
        diarist = [HERE / "control_plane_silent.py"] if self._silent else ["-m", "diarist"]
        program: list[str | Path] = ["nice", "-n", str(nice), sys.executable, *diarist, "serve", role]
        process = self._start(program, user, dict(settings) | {"HTTP__PORT": str(port), "HTTP__PRIVATE_PORT": str(private)})
        deadline = time.monotonic() + PATIENCE
        while not _is_ready(private):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{role} does not become ready")
            time.sleep(0.05)
        self.private.append(f"http://127.0.0.1:{private}")
        return process, f"http://127.0.0.1:{port}"

    @contextmanager
    def workers(self, number: int, *words: str) -> Iterator[list[int]]:
        """So many of them, at work, with such words on their command lines; their process ids."""
        worker = [HERE / "control_plane_silent.py", "worker"] if self._silent else [HERE / "control_plane_worker.py"]
        program: list[str | Path] = [sys.executable, *worker, *words]
        begun = [self._start(program, "workers", stdout=True) for _ in range(number)]
        try:
            for process in begun:
                assert process.stdout  # noqa: S101 - asked for above
                if not process.stdout.readline():
                    raise RuntimeError("a worker has ended at once")
            yield [process.pid for process in begun]
        finally:
            self._end(begun)

    @contextmanager
    def source(self, unfinished: int, seconds: float) -> Iterator[None]:
        """Recordings of so many seconds, so many at a time."""
        process = self._start([sys.executable, HERE / "control_plane_load.py", str(unfinished), str(seconds)], "source")
        try:
            yield
        finally:
            self._end([process])

    def close(self) -> None:
        """End what runs."""
        self._end(self._started)

    def _start(
        self, program: list[str | Path], user: str, more: Mapping[str, str] = NOTHING, *, stdout: bool = False
    ) -> subprocess.Popen[bytes]:
        settings = {
            "DATA_DIR": str(self._folder / "data"),
            "STORAGE__URL": (self._folder / "blobs").as_uri(),
            "DATABASE__URL": self.url_for(user),
            "BROKER__URL": self._redis.url,
            # All visitors have one key between them; it is counted, and never enough.
            "LIMITS__REQUESTS_PER_MINUTE": "1000000",
            "LOG__LEVEL": "info",
            "LOG__FORMAT": "json",
        } | {**self._settings, **more}
        environment = {**os.environ, **{f"DIARIST_{name}": value for name, value in settings.items()}}
        with (self._folder / f"{user}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own programs
                program,
                env={**environment, "WATCH_URL": self.url_for("watch")},
                stdout=subprocess.PIPE if stdout else log,
                stderr=log,
            )
        self._started.append(process)
        return process

    def _end(self, processes: list[subprocess.Popen[bytes]]) -> None:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        self._started = [process for process in self._started if process not in processes]


@contextmanager
def servers() -> Iterator[tuple[Path, PostgresServer, RedisServer]]:
    """A folder, a PostgreSQL that keeps what it says it keeps, and a Redis."""
    with (
        tempfile.TemporaryDirectory(prefix="diarist-control-plane-") as folder,
        running_server(options=SERVER) as postgres,
        redis_server(Path(folder)) as redis,
    ):
        for user in (*COUNTED, WATCH):
            postgres.execute(f"CREATE ROLE {user} LOGIN SUPERUSER")
        yield Path(folder), postgres, redis


@contextmanager
def fresh_database(postgres: PostgresServer) -> Iterator[str]:
    """A migrated database of its own; its URL."""
    url = postgres.create_migrated()
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        yield url
    finally:
        postgres.drop(url)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
