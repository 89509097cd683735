"""PostgreSQL's own programs: found, asked for their version, and run with a stream to or from them; no password in sight."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from diarist.errors import DatabaseUnavailable, DiaristError, Misconfigured

_PIECE = 1 << 20
_MOST_WORDS = 4000
_ADVICE = (
    "Install the client of your server's version (Debian: postgresql-client), "
    "or name the folder that holds its programs in DIARIST_BACKUP__POSTGRESQL_PROGRAMS."
)


async def find_program(name: str, folder: Path | None, *, at_least: int) -> tuple[str, int]:
    """Its path and major version; raises `Misconfigured` where it is missing or too old for a server of that version."""
    path = shutil.which(name, path=str(folder) if folder else None)
    if path is None:
        raise Misconfigured(f"{name} is not {'in ' + str(folder) if folder else 'installed'}", advice=_ADVICE)
    process = await asyncio.create_subprocess_exec(path, "--version", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    found = re.search(rb"(\d+)(?:\.\d+|devel|beta|rc)", said)
    if process.returncode or found is None:
        raise Misconfigured(f"{path} cannot be run", advice=_ADVICE)
    if (version := int(found[1])) < at_least:
        raise Misconfigured(f"{path} is of PostgreSQL {version}, and {at_least} is needed", advice=_ADVICE)
    return path, version


def reaching(url: str) -> tuple[str, dict[str, str]]:
    """A URL for programs of PostgreSQL, and what they need in their environment: others may read a command line."""
    parsed = make_url("postgresql" + url.removeprefix("postgres") if url.startswith("postgres://") else url)
    environment = {**os.environ, "PGAPPNAME": "diarist backup", "PGCONNECT_TIMEOUT": "10"}
    if parsed.password:
        environment["PGPASSWORD"] = str(parsed.password)
    bare = parsed.set(drivername="postgresql", password=None)
    return bare.render_as_string(hide_password=False), environment


async def read_from(program: str, *words: str, environment: dict[str, str]) -> AsyncIterator[bytes]:
    """What a program writes; raises `DatabaseUnavailable` with its last words when it fails."""
    async with _running(program, *words, environment=environment, gives=True) as (process, last_words):
        assert process.stdout is not None  # noqa: S101 - for mypy: it was asked for
        while piece := await process.stdout.read(_PIECE):
            yield piece
        await _ended_well(program, process, last_words)


async def write_to(program: str, *words: str, environment: dict[str, str], content: AsyncIterator[bytes]) -> None:
    """Give a program a stream to its end; raises what `content` raises, or `DatabaseUnavailable`, when it has been ended."""
    async with _running(program, *words, environment=environment, gives=False) as (process, last_words):
        assert process.stdin is not None  # noqa: S101 - for mypy: it was asked for
        # A program that has failed reads no further; why it did is told below.
        with suppress(BrokenPipeError, ConnectionResetError):
            async for piece in content:
                process.stdin.write(piece)
                await process.stdin.drain()
            process.stdin.close()
            await process.stdin.wait_closed()
        await _ended_well(program, process, last_words)


@asynccontextmanager
async def _running(
    program: str, *words: str, environment: dict[str, str], gives: bool
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.Task[bytes]]]:
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        program, *words, env=environment, stdin=nothing if gives else pipe, stdout=pipe if gives else nothing, stderr=pipe,
        limit=2 * _PIECE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None  # noqa: S101 - for mypy: it was asked for
    last_words = asyncio.create_task(_last_of(process.stderr))
    try:
        yield process, last_words
    finally:
        if process.returncode is None:
            # Its stream broke, or we are told to stop: what it has done by now is undone by the server.
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        last_words.cancel()


async def _last_of(stream: asyncio.StreamReader) -> bytes:
    kept = b""
    while piece := await stream.read(_PIECE):
        kept = (kept + piece)[-_MOST_WORDS:]
    return kept


async def _ended_well(program: str, process: asyncio.subprocess.Process, last_words: asyncio.Task[bytes]) -> None:
    said = (await last_words).decode(errors="replace")
    if status := await process.wait():
        raise _failed(Path(program).name, status, said)


def _failed(name: str, status: int, said: str) -> DiaristError:
    """Only what it calls an error: details and contexts quote rows."""
    errors = [line for line in said.splitlines() if "error:" in line or "FATAL" in line]
    reason = (errors or said.splitlines() or [f"it ended with {status}"])[0]
    return DatabaseUnavailable(f"{name}: {reason[:300]}", advice="Its words say what the server refused; nothing was half done.")
