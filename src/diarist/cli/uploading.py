"""Reads the files that are given, piece by piece, off the event loop."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

from diarist.errors import UnreadableFile

STDIN = Path("-")
_PIECE = 1 << 20
"""Bytes read at once."""


async def pieces(path: Path, on_progress: Callable[[float | None], None]) -> AsyncIterator[bytes]:
    """The bytes of a file, or of stdin for `-`; `on_progress` gets the fraction that was read, None when it cannot be told.

    Raises `UnreadableFile`.
    """
    try:
        file = await asyncio.to_thread(_open, path)
        with file:
            total = os.fstat(file.fileno()).st_size
            done = 0
            while piece := await asyncio.to_thread(file.read, _PIECE):
                done += len(piece)
                on_progress(min(1.0, done / total) if total else None)
                yield piece
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error


def display_name(path: Path) -> str:
    """What a recording from this path is called."""
    return "stdin" if path == STDIN else path.name or str(path)


def _open(path: Path) -> BinaryIO:
    if path == STDIN:
        if sys.stdin.isatty():
            raise UnreadableFile("stdin is a terminal, not a recording", advice="Pipe a recording in: `program | diarist add -`.")
        return os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableFile("is a folder", advice="Name the recordings in it, such as FOLDER/*.mp3.")
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise UnreadableFile("is a device, not a file")
    return path.open("rb")
