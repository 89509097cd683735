"""Remembers what became of each file that was seen, so that nothing is taken twice, whatever ends the watching.

A SQLite file of its own in the data directory, for it belongs to this machine's folders and not to the recordings.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Self

from diarist.cli.watching.folder import Sighting
from diarist.errors import StorageFailed, StorageFull

_TABLE = """
CREATE TABLE IF NOT EXISTS seen (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, fate TEXT NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID
"""
# A path is whatever bytes the file system holds, which need not be text.
_REMEMBER = "INSERT OR REPLACE INTO seen (path, size, mtime_ns, fate, sha256) VALUES (?, ?, ?, ?, ?)"


class Fate(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    REFUSED = "refused"


class Memory:
    """What became of files; each is known by path, size and time, so that one that changes is a new one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known = {
            (known := Path(os.fsdecode(path))): (Sighting(known, size, mtime_ns), Fate(fate))
            for path, size, mtime_ns, fate in connection.execute("SELECT path, size, mtime_ns, fate FROM seen")
        }

    @classmethod
    @contextmanager
    def open(cls, file: Path) -> Iterator[Self]:
        """Open the file, or make it; raises storage errors."""
        with _translated(file):
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _translated(file), closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(_TABLE)
            memory = cls(connection)
            yield memory

    def fate_of(self, sighting: Sighting) -> Fate | None:
        """What became of the file, if it is known and has not changed since."""
        known, fate = self._known.get(sighting.path, (None, None))
        return fate if known == sighting else None

    def remember(self, sighting: Sighting, fate: Fate, sha256: str = "") -> None:
        """Note it durably; `sha256` is that of the recording. Raises storage errors."""
        with _translated(sighting.path):
            row = (os.fsencode(sighting.path), sighting.size, sighting.mtime_ns, fate.value, sha256)
            self._connection.execute(_REMEMBER, row)
        self._known[sighting.path] = (sighting, fate)

    def forget(self, sighting: Sighting) -> None:
        """The file is not there any more."""
        with _translated(sighting.path):
            self._connection.execute("DELETE FROM seen WHERE path = ?", (os.fsencode(sighting.path),))
        self._known.pop(sighting.path, None)


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise StorageFull from error
        raise StorageFailed(
            f"what became of {file.name} cannot be noted: {error}",
            advice="Check the disk of DIARIST_DATA_DIR; `watched.db` there may be deleted: all files are then taken once more.",
        ) from error
