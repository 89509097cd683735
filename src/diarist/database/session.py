"""Opens the database and hands out sessions: for reading, for reading from a replica, for writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, aclosing, asynccontextmanager
from typing import Self

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from diarist.database.faults import translated
from diarist.database.measuring import measure
from diarist.database.postgresql import open_postgresql
from diarist.database.replica import Position, Replica
from diarist.database.sqlite import open_sqlite
from diarist.database.transaction import Transaction
from diarist.errors import Misconfigured
from diarist.settings import DatabaseSettings
from diarist.telemetry.metrics.database import DatabaseMetrics, PoolFigures
from diarist.telemetry.tracing import Kind, Span, span

_BEFORE_COMMIT = "diarist_before_commit"
_AFTER_COMMIT = "diarist_after_commit"


class Database:
    """Its pools of connections, for one event loop."""

    def __init__(self, engine: AsyncEngine, replica: Replica | None = None, figures: Sequence[PoolFigures] = ()) -> None:
        self.engine = engine
        self._figures = figures
        # The same pool; told here, how to begin costs nothing each time.
        self._writing = engine.execution_options(**Transaction.WRITE.option)
        self._looking = engine.execution_options(**Transaction.NONE.option)
        self._replica = replica
        self._about = {"db.system.name": engine.dialect.name}
        self._follows = False
        self._written_at: Position | None = None

    @classmethod
    def open(cls, url: str, settings: DatabaseSettings | None = None, metrics: DatabaseMetrics | None = None) -> Self:
        """Open the database that `url` names, and the replica that `settings` name; connects at first use.

        `metrics`: where statements are counted, and connections. Raises `Misconfigured`.
        """
        settings = settings or DatabaseSettings()
        engine = _open_engine(url, settings, "DIARIST_DATABASE__URL")
        figures = [measure(engine, metrics, "primary")] if metrics else []
        if not settings.replica_url:
            return cls(engine, figures=figures)
        if engine.dialect.name != "postgresql":
            raise Misconfigured("DIARIST_DATABASE__REPLICA_URL: only PostgreSQL has replicas; unset it")
        replica = _open_engine(settings.replica_url, settings, "DIARIST_DATABASE__REPLICA_URL")
        if metrics:
            figures.append(measure(replica, metrics, "replica"))
        return cls(engine, Replica(replica), figures=figures)

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """Of the primary, and of the replica where there is one."""
        return (self.engine, self._replica.engine) if self._replica else (self.engine,)

    def following(self, written_at: Position | None) -> Database:
        """The same database and pools, with every `read` done as `read_replica` does it; it is not closed apart."""
        view = Database(self.engine, self._replica)
        view._follows, view._written_at = self._replica is not None, written_at
        return view

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent view of all that is committed; what is changed in it is thrown away, or refused."""
        if self._follows:
            async with self.read_replica(self._written_at) as session:
                yield session
            return
        async with self._read_primary() as session:
            yield session

    @asynccontextmanager
    async def _read_primary(self) -> AsyncIterator[AsyncSession]:
        with self._span("read"), translated():
            async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
                yield session

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncSession]:
        """For one short statement that reads, which needs no transaction: two round trips less than `read`."""
        with self._span("look"), translated():
            async with AsyncSession(self._looking, expire_on_commit=False, autoflush=False) as session:
                yield session

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncSession]:
        """For short statements that need not agree with each other: as `read`, without the round trips of a transaction."""
        async with self.read() if self._follows else self.look() as session:
            yield session

    @asynccontextmanager
    async def read_replica(self, written_at: Position | None = None) -> AsyncIterator[AsyncSession]:
        """A consistent view that may be behind, but holds what its caller wrote: `written_at` is what `position` gave then.

        The primary is asked where there is no replica, or it is away, or has not come that far.
        """
        connection = await self._replica.connected(written_at) if self._replica else None
        if connection is None:
            async with self._read_primary() as session:
                yield session
            return
        with self._span("read the replica"), translated():
            async with aclosing(connection), AsyncSession(connection, expire_on_commit=False, autoflush=False) as session:
                yield session

    async def position(self) -> Position | None:
        """A position behind all that was committed before the call; None where no replica could be behind."""
        if self._replica is None:
            return None
        with translated():
            async with self.engine.connect() as connection:
                await connection.execution_options(**Transaction.NONE.option)
                found = await connection.scalar(text("SELECT CAST(pg_current_wal_insert_lsn() AS text)"))
        return Position(found)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction that commits at the end, or leaves nothing behind when the block raises.

        On SQLite it takes the write lock at once, so that two writers queue up instead of failing half-way; on PostgreSQL
        writers run side by side, each statement sees what is committed by then, and rows are locked by changing them.
        """
        with self._span("write"), translated():
            async with AsyncSession(self._writing, expire_on_commit=False) as session:
                if self.engine.dialect.name == "sqlite":
                    await session.connection()
                async with _committing(session):
                    yield session
                    last: list[Callable[[], Awaitable[None]]] = session.info.pop(_BEFORE_COMMIT, [])
                    for statement in last:
                        await statement()
                callbacks: list[Callable[[], None]] = session.info.pop(_AFTER_COMMIT, [])
        for callback in callbacks:
            callback()

    def _span(self, doing: str) -> AbstractContextManager[Span]:
        """A transaction in the trace at hand; told alone, what a sweeper does every second would be a trace of its own."""
        return span(f"database {doing}", kind=Kind.CLIENT, attributes=self._about, leaf=True)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        if self._replica:
            await self._replica.engine.dispose()


def before_commit(session: AsyncSession, callback: Callable[[], Awaitable[None]]) -> None:
    """Await `callback` as the last thing that the transaction of `session` does, if it comes to its end."""
    session.info.setdefault(_BEFORE_COMMIT, []).append(callback)


def after_commit(session: AsyncSession, callback: Callable[[], None]) -> None:
    """Call `callback` once the transaction of `session` has committed, and not at all when it has not."""
    session.info.setdefault(_AFTER_COMMIT, []).append(callback)


def _open_engine(url: str, settings: DatabaseSettings, variable: str) -> AsyncEngine:
    try:
        # `postgres://` is what many providers print.
        parsed = make_url("postgresql" + url.removeprefix("postgres") if url.startswith("postgres://") else url)
        match parsed.get_backend_name():
            case "sqlite":
                return open_sqlite(parsed, settings.busy_timeout)
            case "postgresql":
                return open_postgresql(parsed, settings)
            case other:
                raise Misconfigured(f"{variable}: no support for {other!r}; use postgresql://… or sqlite+aiosqlite:///…")
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # What stands in the URL may be a password.
        reason = str(error).replace(url, "…")
        raise Misconfigured(f"{variable}: {reason}") from error


@asynccontextmanager
async def _committing(session: AsyncSession) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await session.rollback()
        raise
    await session.commit()
