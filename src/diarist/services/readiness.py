"""What a process needs to do its work, as checks that can be asked at any time."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from diarist.database.compatibility import require_compatible
from diarist.errors import Unavailable
from diarist.http.health import Check
from diarist.redis_client import connect_async, translated
from diarist.runtime import Runtime
from diarist.services.embedded_workers import working_process
from diarist.settings import Settings
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.redis import RedisMetrics


class Service:
    """Where a process stands between its start and its end."""

    def __init__(self) -> None:
        self.begun = False
        self.draining = False
        """It has been told to end: what it has it finishes, and it should not be sent anything new."""

    async def check(self) -> None:
        """Raise `Unavailable` outside of that time."""
        if not self.begun:
            raise Unavailable("it has not begun")
        if self.draining:
            raise Unavailable("it is draining, and takes nothing new")


def stores(runtime: Runtime) -> Mapping[str, Check]:
    """What every process needs, by name."""

    async def database() -> None:
        async with runtime.database.read() as session:
            await session.execute(select(1))

    async def migrations() -> None:
        async with runtime.database.read() as session:
            await require_compatible(session)

    async def storage() -> None:
        await runtime.blobs.check()

    return {"database": database, "migrations": migrations, "storage": storage}


def broker(url: str) -> Mapping[str, Check]:
    """The Redis that rings workers, if there is one."""
    if not url:
        return {}
    # Asked every few seconds: these commands count nowhere, and it takes longer to say so each time than to ask.
    uncounted = RedisMetrics.open(Catalogue.open())

    async def answers() -> None:
        with translated():
            async with connect_async(url, metrics=uncounted) as client:
                await client.ping()

    return {"broker": answers}


def embedded(settings: Settings) -> Mapping[str, Check]:
    """Somebody who works on the data directory; on a shared database nobody can say from here."""

    async def workers() -> None:
        if working_process(settings.data_dir) is None:
            raise Unavailable("no process works on the recordings")

    return {"workers": workers} if settings.embedded else {}
