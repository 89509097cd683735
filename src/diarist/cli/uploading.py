"""Reads the files that are given, piece by piece, off the event loop; tells them from addresses."""

from __future__ import annotations

import asyncio
import os
import re
import stat
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import TypeVar, cast

from diarist.errors import UnreadableFile

T = TypeVar("T")

STDIN = Path("-")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PIECE = 1 << 20
"""Bytes read at once."""


async def pieces(path: Path, on_progress: Callable[[float | None], None], *, follow_links: bool = True) -> AsyncIterator[bytes]:
    """The bytes of a file, or of stdin for `-`; `on_progress` gets the fraction that was read, None when it cannot be told.

    Raises `UnreadableFile`.
    """
    try:
        file = await _in_a_thread(lambda: _open(path, 0 if follow_links else os.O_NOFOLLOW))
        with file:
            total = os.fstat(file.fileno()).st_size
            done = 0
            while piece := await _in_a_thread(lambda: file.read(_PIECE)):
                done += len(piece)
                on_progress(min(1.0, done / total) if total else None)
                yield piece
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error


def display_name(path: Path) -> str:
    """What a recording from this path is called."""
    return "stdin" if path == STDIN else path.name or str(path)


def is_address(named: str) -> bool:
    """Whether an address of the web was named, and not a file."""
    return _SCHEME.match(named) is not None


def address_name(address: str) -> str:
    """What is shown of an address while it is fetched: without its query, which may be a key."""
    return address.partition("?")[0].rstrip("/").rpartition("/")[2] or address


async def _in_a_thread(read: Callable[[], T]) -> T:
    """Call what may block for ever, as a pipe does when its writer has stalled, so that Ctrl-C need not wait for it."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if answer.done():  # cancelled
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(cast("T", result))

    def work() -> None:
        result, error = None, None
        try:
            result = read()
        except BaseException as caught:  # noqa: BLE001 - handed on to whoever waits
            error = caught
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(settle, result, error)

    # An executor's threads are waited for when the loop ends; a daemon is not.
    threading.Thread(target=work, daemon=True).start()
    return await answer


def _open(path: Path, flags: int) -> FileIO:
    # Unbuffered: to close a buffered file would wait for the thread that reads it.
    if path == STDIN:
        if sys.stdin.isatty():
            raise UnreadableFile("stdin is a terminal, not a recording", advice="Pipe a recording in: `program | diarist add -`.")
        return FileIO(os.dup(sys.stdin.fileno()), "rb")
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableFile("is a folder", advice="Name the recordings in it, such as FOLDER/*.mp3.")
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise UnreadableFile("is a device, not a file")
    return FileIO(path, "rb", opener=lambda name, reading: os.open(name, reading | flags))
