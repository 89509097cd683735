"""Who is connected to a database and would miss what a migration is about to take away: PostgreSQL knows everybody by name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import Connection, text

from diarist.errors import Conflict

PATIENCE = 300.0
"""Seconds to wait for older programs: those that were told to end are draining."""
_PAUSE = 1.0
_PROGRAM = "diarist"
_CONNECTED = text(
    "SELECT application_name, count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name ~ :ours GROUP BY 1 ORDER BY 1"
)

log = structlog.get_logger(__name__)


class OlderProgramsWork(Conflict):
    """Programs of an older version are at work on the database, and need what would be taken away."""

    code = "older_programs_work"
    advice = (
        "Nothing was changed. End them, and run it again. Behind a pooler, names of connections may outlive their programs by "
        "minutes; `--wait 0` does not look."
    )


def name_of(revision: str) -> str:
    """What a program that knows a revision calls itself to PostgreSQL; before 0.2 they had no number."""
    return f"{_PROGRAM} {revision}"


def connected(connection: Connection) -> dict[str, int]:
    """Connections of programs of ours besides this one, by the names of the programs."""
    return {str(name): int(count) for name, count in connection.execute(_CONNECTED, {"ours": f"^{_PROGRAM}( [0-9]+)?$"})}


def older_than(connection: Connection, revision: str) -> dict[str, int]:
    """Those of programs that do not know a revision."""
    return {name: count for name, count in connected(connection).items() if name.removeprefix(_PROGRAM).strip() < revision}


async def until_gone(look: Callable[[], Awaitable[dict[str, int]]], revision: str, patience: float) -> None:
    """Wait until `look`, which does as `older_than`, finds nobody; raises `OlderProgramsWork` after `patience` seconds."""
    until, told = time.monotonic() + patience, None
    while older := await look():
        names = ", ".join(f"{count} of {name!r}" for name, count in older.items())
        if time.monotonic() > until:
            raise OlderProgramsWork(f"revision {revision} takes away what older programs need, and some are connected: {names}")
        if names != told:
            log.warning("migration.waits", revision=revision, connections=names)
            told = names
        await asyncio.sleep(_PAUSE)
