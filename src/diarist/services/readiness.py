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


class Draining:
    """Whether a process has been told to end: it still answers, and should not be sent anything new."""

    def __init__(self) -> None:
        self.begun = False

    async def check(self) -> None:
        """Not ready once it has begun."""
        if self.begun:
            raise Unavailable("it ends and takes nothing new")


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

    async def answers() -> None:
        with translated():
            async with connect_async(url) as client:
                await client.ping()

    return {"broker": answers} if url else {}


def readiness(runtime: Runtime) -> Mapping[str, Check]:
    """What an embedded process needs."""

    async def workers() -> None:
        if working_process(runtime.settings.data_dir) is None:
            raise Unavailable("no process works on the recordings")

    # Whoever works on a shared database holds no lock.
    return {**stores(runtime), **({"workers": workers} if runtime.settings.embedded else {})}
