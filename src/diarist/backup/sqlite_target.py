"""Restores into a SQLite file: written beside it, looked through, and only then put in its place."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import zlib
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import IO

from diarist.backup.manifest import Manifest
from diarist.backup.settling import holds_something, require_all_rows, settle
from diarist.backup.sqlite_snapshot import asked, check_whole, counted
from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.errors import BackupDamaged, DatabaseUnavailable, NotEmpty
from diarist.storage.faults import translated


class SqliteTarget:
    """The file of a data directory on which nobody works; see `Target`."""

    def __init__(self, file: Path, *, replace: bool) -> None:
        self._file, self._replace = file, replace

    async def prepare(self) -> None:
        if not self._replace and await asyncio.to_thread(self._something):
            raise NotEmpty(f"{self._file} holds recordings, keys or other things")

    async def load(self, manifest: Manifest, dump: AsyncIterator[bytes]) -> str:
        fresh = self._file.with_name(f"{self._file.name}.restoring")
        await _write(fresh, dump)
        await asyncio.to_thread(check_whole, fresh)
        require_all_rows(manifest, await asyncio.to_thread(asked, fresh, counted))
        database = Database.open(f"sqlite+aiosqlite:///{fresh}")
        try:
            await settle(database, manifest)
        finally:
            await database.close()
        return await asyncio.to_thread(self._exchange, fresh)

    def _something(self) -> bool:
        return self._file.exists() and holds_something(asked(self._file, counted))

    def _exchange(self, fresh: Path) -> str:
        """Between the two renames there is no database at all, which is an empty one to whoever begins again."""
        aside = ""
        with translated():
            if self._file.exists():
                keep = self._something()
                _close_journal(self._file)
                if keep:
                    aside = f"{self._file}.before-restore-{utc_now():%Y%m%d-%H%M%S}"
                    self._file.rename(aside)
                else:
                    self._file.unlink()
            fresh.rename(self._file)
            _sync(self._file.parent)
        return aside


async def _write(file: Path, dump: AsyncIterator[bytes]) -> None:
    unpacker = zlib.decompressobj()
    with translated(), await asyncio.to_thread(_fresh, file) as target:
        try:
            async for piece in dump:
                await asyncio.to_thread(target.write, unpacker.decompress(piece))
            await asyncio.to_thread(target.write, unpacker.flush())
        except zlib.error as error:
            raise BackupDamaged("the dump of the database cannot be read") from error
        target.flush()
        await asyncio.to_thread(os.fsync, target.fileno())


def _fresh(file: Path) -> IO[bytes]:
    """An empty file that nobody else may read; what an earlier try has left goes."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _close_journal(file: Path) -> None:
    """Take the write-ahead log into the file: left beside another file of the same name it would be taken for that file's."""
    try:
        with closing(sqlite3.connect(file, timeout=5)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        advice = "Stop what uses it, such as `diarist up`, and restore again. Nothing was changed."
        raise DatabaseUnavailable(f"the database that is there cannot be put aside: {error}", advice=advice) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
