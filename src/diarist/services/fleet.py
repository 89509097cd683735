"""What a role of a fleet needs before it can begin."""

from __future__ import annotations

import asyncio

from diarist.database.compatibility import until_compatible
from diarist.database.session import Database
from diarist.errors import Misconfigured
from diarist.http.ending import Ending
from diarist.queue.eviction import refuse_eviction
from diarist.services.roles import Role
from diarist.settings import Settings


async def schema_fits(settings: Settings, ending: Ending) -> bool:
    """Wait until the database is migrated; False when the process is told to end before."""
    database = Database.open(settings.database_url, settings.database)
    try:
        return await ending.unless(asyncio.create_task(until_compatible(database)))
    finally:
        await database.close()


def require_fleet(role: Role, settings: Settings) -> None:
    """Raise `Misconfigured` unless the settings name what the roles share: a PostgreSQL, and a Redis that keeps bells."""
    missing = []
    if settings.embedded:
        missing.append("DIARIST_DATABASE__URL=postgresql://user:password@host/diarist")
    if not settings.broker.url:
        missing.append("DIARIST_BROKER__URL=redis://host:6379/0")
    if missing:
        raise Misconfigured(
            f"the role {role.name} shares its work with other processes through PostgreSQL and Redis, and is not told of them",
            advice=f"Set {' and '.join(missing)}. `diarist serve standalone` does all in one process, and needs neither.",
        )
    refuse_eviction(settings.broker.url)
