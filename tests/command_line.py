"""The real command line in processes of its own, on a data directory of its own, with the engine that needs no model."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import psutil

from diarist.cli.main import new_app
from own_logging import logging_as_before

SAMPLE = Path(__file__).parents[1] / "samples" / "tuesday_evening.opus"
PYCACHE = SAMPLE.parents[1] / ".cache" / "pycache"
PATIENCE = 120.0
"""Seconds that a command may take on a slow machine."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class CommandLine:
    """`python -m diarist` with `DIARIST_` settings; `script` is what the scripted engine is told."""

    def __init__(self, folder: Path, script: str = "", **settings: str) -> None:
        self.data_dir = folder / "data"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DIARIST_")}
        self._environment = {
            **inherited,
            # Every command starts anew; compiling what it imports each time would take longer than all else.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(PYCACHE),
            "DIARIST_DATA_DIR": str(self.data_dir),
            "DIARIST_CACHE_DIR": str(folder / "cache"),
            "DIARIST_ENGINE__NAME": "scripted",
            "DIARIST_ENGINE__MODEL": script or "auto",
            **{f"DIARIST_{name}": value for name, value in settings.items()},
        }

    def run(self, *arguments: str | Path, given: bytes | None = None) -> Ended:
        """Run a command to its end; `given` is piped in."""
        command, content = self._command(arguments), given or b""
        ended = subprocess.run(command, env=self._environment, input=content, capture_output=True, timeout=PATIENCE, check=False)
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def at_terminal(self, *arguments: str | Path, **environment: str) -> Ended:
        """Run a command to its end as somebody at a terminal, who types nothing."""
        master, slave = os.openpty()
        try:
            ended = subprocess.run(
                self._command(arguments), env={**self._environment, **environment}, stdin=slave, capture_output=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        finally:
            os.close(master)
            os.close(slave)
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def call(self, *arguments: str | Path) -> Ended:
        """Run a command to its end inside this process, which takes a tenth of the time; nobody is at the terminal."""
        said, told = BytesIO(), BytesIO()
        out, err = (TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in (said, told))
        status = 0
        with _environment(self._environment), logging_as_before(), redirect_stdout(out), redirect_stderr(err):
            try:
                new_app()([*map(str, arguments)], prog_name="diarist")
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
        return Ended(status, said.getvalue().decode(), told.getvalue().decode())

    @contextmanager
    def start(self, *arguments: str | Path) -> Iterator[Running]:
        """Begin a command, in a process group of its own; nothing of it outlives the context."""
        process = subprocess.Popen(
            self._command(arguments), env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        with process:
            try:
                yield Running(process)
            finally:
                if process.poll() is None:
                    process.kill()

    def _command(self, arguments: tuple[str | Path, ...]) -> list[str]:
        return [sys.executable, "-m", "diarist", *map(str, arguments)]


class Running:
    """A command that has not ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._said = ""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until_it_says(self, word: str) -> None:
        """Read its messages until one of them holds `word`."""
        assert self._process.stderr
        for line in self._process.stderr:
            self._said += line
            if word in line:
                return
        raise AssertionError(f"it ended without saying {word!r}: {self._said}")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its whole group, as a terminal does."""
        os.killpg(self.pid, number)

    def end(self) -> Ended:
        """Wait for its end."""
        out, err = self._process.communicate(timeout=PATIENCE)
        return Ended(self._process.returncode, out, self._said + err)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def children_of(pid: int) -> list[psutil.Process]:
    """The processes that a process has started."""
    return psutil.Process(pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    """Whether all have ended, some seconds allowed."""
    _, alive = psutil.wait_procs(processes, timeout=10)
    return not alive


def rows(database: Path, statement: str) -> list[tuple[Any, ...]]:
    """What a SQLite file holds, while others write to it; nothing before it is there and migrated."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        try:
            return connection.execute(statement).fetchall()
        except sqlite3.OperationalError:
            return []
