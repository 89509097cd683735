"""A moment of a SQLite database: a copy by its online backup, while others go on writing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from diarist.backup.named import Named, named, names
from diarist.backup.snapshot import System
from diarist.database.base import utc_now
from diarist.database.compatibility import revision_of
from diarist.errors import DatabaseUnavailable, StorageFull
from diarist.storage.faults import translated

T = TypeVar("T")

_PIECE = 1 << 20


@dataclass(slots=True)
class SqliteSnapshot:
    """The copy; see `Snapshot`."""

    file: Path
    at: datetime
    revision: str = ""
    kind: str = "sqlite"
    server: int = 0
    program: int = 0

    async def named(self) -> dict[str, Named]:
        return await self._ask(lambda connection: named(connection.execute(names())))

    async def rows(self) -> dict[str, int]:
        return await self._ask(counted)

    async def dump(self) -> AsyncGenerator[bytes, None]:
        packer = zlib.compressobj(3)
        with await asyncio.to_thread(self.file.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                if packed := await asyncio.to_thread(packer.compress, piece):
                    yield packed
        yield packer.flush()

    async def _ask(self, question: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(asked, self.file, question)


@asynccontextmanager
async def sqlite_snapshot(system: System) -> AsyncIterator[SqliteSnapshot]:
    """The database as it is now; raises `StorageFull` without room for a copy, `DatabaseUnavailable` for a damaged one."""
    source = file_of(system.settings.database_url)
    with _folder_for(source, system.settings.data_dir) as folder:
        copy, at = folder / "copy.db", utc_now()
        await asyncio.to_thread(_copy, source, copy)
        revision = await asyncio.to_thread(lambda: asked(copy, revision_of))
        yield SqliteSnapshot(copy, at, revision or "")


def file_of(url: str) -> Path:
    """The file that a URL of SQLite names."""
    return Path(make_url(url).database or "")


def asked(file: Path, question: Callable[[Connection], T]) -> T:
    """What a file answers that nobody changes meanwhile."""
    opened = partial(sqlite3.connect, f"{file.absolute().as_uri()}?mode=ro", uri=True)
    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return question(connection)
    finally:
        engine.dispose()


def counted(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(inspect(connection).get_table_names())
    # Names come from the database itself.
    return {table: connection.scalar(text(f'SELECT count(*) FROM "{table}"')) or 0 for table in tables}  # noqa: S608


def check_whole(file: Path) -> None:
    """Raise `DatabaseUnavailable` unless SQLite finds the file in order."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            ((found,), *_) = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        advice = "It is not taken for good. `diarist backup list` shows what there is; `diarist doctor` looks at the disk."
        raise DatabaseUnavailable(f"the database is damaged: {found.splitlines()[0]}", advice=advice)


@contextmanager
def _folder_for(source: Path, data_dir: Path) -> Iterator[Path]:
    """A folder for the copy; what a run that was killed has left goes, for there is one run at a time."""
    folder = data_dir / "backup-copy"
    with translated():
        shutil.rmtree(folder, ignore_errors=True)
        if shutil.disk_usage(data_dir).free < source.stat().st_size:
            advice = "Make room in the folder that DIARIST_DATA_DIR names; the database is copied there first."
            raise StorageFull(f"there is no room for a copy of the database in {data_dir}", advice=advice)
        folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, copy: Path) -> None:
    """In one step: with several, SQLite begins anew whenever another process has written in between."""
    try:
        with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(copy)) as theirs:
            ours.backup(theirs, pages=-1)
            theirs.execute("PRAGMA journal_mode=DELETE")  # so that all of it is in one file
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise StorageFull("there is no room for a copy of the database") from error
        raise DatabaseUnavailable(f"the database cannot be copied: {error}") from error
    except sqlite3.DatabaseError as error:
        raise DatabaseUnavailable(f"the database is damaged: {error}") from error
    check_whole(copy)
