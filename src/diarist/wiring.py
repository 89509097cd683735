"""The only code that composes: settings in, an opened Runtime out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import MetaData

from diarist.audio.process import AudioProcess
from diarist.child.clerk import Clerk
from diarist.child.memory import give_big_blocks_back
from diarist.database.base import Base
from diarist.database.migrate import Upgraded, upgrade
from diarist.database.older_programs import PATIENCE
from diarist.database.revisions import Phase
from diarist.database.session import Database
from diarist.database.slow_statements import tell_slow_statements
from diarist.engine.pool import EnginePool
from diarist.errors import StorageFailed
from diarist.events.log import EventLog
from diarist.failures.noting import Failures
from diarist.failures.opening import open_sentry
from diarist.llm.opening import open_router
from diarist.notifications.addressing import addressing
from diarist.pipeline import PIPELINE
from diarist.plugins import load
from diarist.ports.event_bus import EventBus, OpenBus
from diarist.queue.ledger import Ledger, Ring
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.tracing import collected
from diarist.transcription.documents import TARGET as TYPESETTER


class OpenRuntime(Protocol):
    """How a Runtime is opened: `open_runtime`, or something round it that puts other parts in."""

    def __call__(
        self, settings: Settings, ring: Ring | None, *, blobs: Blobs | None = None, metrics: Metrics | None = None
    ) -> AbstractAsyncContextManager[Runtime]: ...


def metadata() -> MetaData:
    """Every table, for migrations."""
    import diarist.accounts.keys.models
    import diarist.accounts.models
    import diarist.accounts.traffic
    import diarist.accounts.users.models
    import diarist.database.turns
    import diarist.diary.models
    import diarist.events.models
    import diarist.failures.models
    import diarist.http.idempotency_keys
    import diarist.jobs.models
    import diarist.llm.models
    import diarist.notifications.models
    import diarist.queue.models
    import diarist.queue.past_work
    import diarist.recordings.models
    import diarist.recordings.past_storage
    import diarist.recordings.uploads.models
    import diarist.transcription.models  # noqa: F401 - importing declares the tables

    return Base.metadata


async def prepare(settings: Settings) -> None:
    """Make the data directory and bring an embedded database up to date; safe when several processes start at once.

    A database that is shared is left alone: when it is migrated decides who rolls a release out, with `diarist db upgrade`.
    """
    make_data_dir(settings)
    if settings.embedded:
        await migrate(settings)


async def migrate(settings: Settings, phase: Phase = Phase.POST, patience: float = PATIENCE) -> Upgraded:
    """Bring the database up to date, whatever its kind; `patience` as of `upgrade`."""
    make_data_dir(settings)
    return await upgrade(settings.database_url, metadata(), lock=migration_lock(settings), phase=phase, patience=patience)


def make_data_dir(settings: Settings) -> None:
    """Make the data directory; raises `StorageFailed`."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageFailed(
            f"the data directory {settings.data_dir} cannot be made: {error.strerror}",
            advice="Choose a directory that you may write to with DIARIST_DATA_DIR.",
        ) from error


def migration_lock(settings: Settings) -> Path:
    """The file that keeps two processes from migrating at once."""
    return settings.data_dir / "migration.lock"


@asynccontextmanager
async def open_runtime(
    settings: Settings, ring: Ring | None, *, blobs: Blobs | None = None, metrics: Metrics | None = None
) -> AsyncIterator[Runtime]:
    """Open everything for the running event loop and close it again; `blobs` replaces the store that the settings name.

    `ring`: the bell of the workers in this process, or None when it has none. `metrics`: where the process counts; left out, what
    is counted here is seen by nobody else.
    """
    metrics = metrics or Metrics.open()
    give_big_blocks_back()
    metadata()
    async with AsyncExitStack() as stack:
        database = Database.open(settings.database_url, settings.database, metrics.database)
        stack.push_async_callback(database.close)
        if collected():
            for connecting in database.engines:
                tell_slow_statements(connecting, settings.telemetry.slow_statement)
        prober, decoder = (AudioProcess(metrics.children.watch(name)) for name in ("prober", "decoder"))
        engine = EnginePool(settings.engine, settings.cache_dir, metrics)
        watch = metrics.children.watch("typesetter")
        typesetter = Clerk(TYPESETTER, name="the typesetter", idle_seconds=60.0, memory_limit=500_000_000, watch=watch)
        for child in (prober, decoder, engine, typesetter):
            stack.push_async_callback(child.close)
        events = await stack.enter_async_context(open_events(settings.events_url))
        yield Runtime(
            settings=settings,
            database=database,
            blobs=blobs
            or Blobs.open(settings.storage_url, settings.storage, scratch=settings.scratch_dir, metrics=metrics.storage),
            ledger=Ledger(database, settings.queue, ring, metrics.tasks),
            stages=PIPELINE,
            prober=prober,
            decoder=decoder,
            engine=engine,
            typesetter=typesetter,
            events=events,
            event_log=await stack.enter_async_context(EventLog.open(events, addressing(ring), metrics.business)),
            router=await stack.enter_async_context(open_router(settings, database, events, metrics=metrics)),
            failures=await stack.enter_async_context(
                Failures.open(database, metrics.failures, await stack.enter_async_context(open_sentry(settings.telemetry)))
            ),
            metrics=metrics,
        )


def open_events(url: str) -> AbstractAsyncContextManager[EventBus]:
    """The event bus that the URL's scheme names; raises `Misconfigured`."""
    open_bus: OpenBus = load("diarist.event_buses", url.partition(":")[0].partition("+")[0])
    return open_bus(url)
