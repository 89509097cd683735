"""Opens the database and hands out sessions: one for reading, one for writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from diarist.errors import DatabaseUnavailable, Misconfigured, StorageFull

_AFTER_COMMIT = "diarist_after_commit"
_DAMAGE = ("file is not a database", "malformed")
"""What SQLite says of a file that it cannot make sense of."""


class Database:
    """One pool of connections, for one event loop."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str, *, busy_timeout: float = 30.0) -> Self:
        """Open the database that `url` names; `busy_timeout` in seconds. Raises `Misconfigured`; connects at first use."""
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() != "sqlite":
                raise Misconfigured(
                    f"DIARIST_DATABASE__URL: no support for {parsed.get_backend_name()!r}; use sqlite+aiosqlite:///…"
                )
            # Values are kept out of errors, and so out of logs: they may be what was said.
            engine = create_async_engine(parsed, connect_args={"timeout": busy_timeout}, hide_parameters=True)
        except (ArgumentError, NoSuchModuleError) as error:
            raise Misconfigured(f"DIARIST_DATABASE__URL: {error}") from error
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return cls(engine)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent view; what is changed in it is thrown away."""
        with translated():
            async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction that commits at the end, or leaves nothing behind when the block raises.

        On SQLite it takes the write lock at once, so that two writers queue up instead of failing half-way.
        """
        with translated():
            async with AsyncSession(self.engine, expire_on_commit=False) as session:
                await session.connection(execution_options={"diarist_write": True})
                async with _committing(session):
                    yield session
                callbacks: list[Callable[[], None]] = session.info.pop(_AFTER_COMMIT, [])
        for callback in callbacks:
            callback()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def after_commit(session: AsyncSession, callback: Callable[[], None]) -> None:
    """Call `callback` once the transaction of `session` has committed, and not at all when it has not."""
    session.info.setdefault(_AFTER_COMMIT, []).append(callback)


@asynccontextmanager
async def _committing(session: AsyncSession) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await session.rollback()
        raise
    await session.commit()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into errors of ours."""
    try:
        yield
    except OperationalError as error:
        if "full" in str(error.orig):
            raise StorageFull("The disk that holds the database is full.") from error
        raise DatabaseUnavailable(f"the database did not answer: {error.orig}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable("the connection to the database broke") from error
        if any(sign in str(error.orig) for sign in _DAMAGE):
            raise DatabaseUnavailable(
                f"the database is damaged: {error.orig}",
                advice="Put a backup of it in its place, or move the file away to begin with an empty one.",
            ) from error
        raise


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # pysqlite's own transaction handling starts transactions late; SQLAlchemy's "begin" event does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = "IMMEDIATE" if connection.get_execution_options().get("diarist_write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")
