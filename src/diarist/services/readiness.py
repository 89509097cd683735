"""What an embedded process needs to do its work, as checks that can be asked at any time."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from diarist.database.compatibility import require_compatible
from diarist.errors import Unavailable
from diarist.http.health import Check
from diarist.runtime import Runtime
from diarist.services.embedded_workers import working_process

_PROBE = "readiness/probe"


def readiness(runtime: Runtime) -> Mapping[str, Check]:
    """The checks by name."""

    async def database() -> None:
        async with runtime.database.read() as session:
            await session.execute(select(1))

    async def migrations() -> None:
        async with runtime.database.read() as session:
            await require_compatible(session)

    async def storage() -> None:
        await runtime.blobs.put(_PROBE, b"ready")

    async def workers() -> None:
        if working_process(runtime.settings.data_dir) is None:
            raise Unavailable("no process works on the recordings")

    return {"database": database, "migrations": migrations, "storage": storage, "workers": workers}
