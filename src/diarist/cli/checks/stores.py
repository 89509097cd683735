"""Where rows and recordings are kept, and who works on them."""

from __future__ import annotations

import uuid

from sqlalchemy import text

from diarist.cli.checks.check import Check, Status, failed, there
from diarist.cli.origins import without_password
from diarist.database.compatibility import require_compatible
from diarist.database.migrate import current
from diarist.database.revisions import OURS
from diarist.database.session import Database
from diarist.errors import DiaristError
from diarist.services.embedded_workers import working_process
from diarist.settings import Settings
from diarist.storage.blobs import Blobs

_LATER = "That is well while versions are exchanged; `diarist db upgrade` ends it, once the old version has gone."


async def database(settings: Settings) -> Check:
    """Whether the database can be read, and is of this version."""
    name, shown = "database", without_password(settings.database_url)
    if not settings.database.url and not there(settings.data_dir / "diarist.db"):
        return Check(name, Status.OK, f"{shown}, not there yet; will be made when it is first needed")
    try:
        found = await current(settings.database_url)
    except DiaristError as error:
        return failed(name, error)
    if found == OURS.head():
        return Check(name, Status.OK, f"{shown}, revision {found}")
    opened = Database.open(settings.database_url, settings.database)
    try:
        async with opened.read() as session:
            await require_compatible(session)
    except DiaristError as error:
        # An embedded database is brought up to date by whoever needs it next.
        behind = found is None or found < OURS.head()
        status = Status.WARN if behind and opened.engine.dialect.name == "sqlite" else Status.FAIL
        return Check(name, status, f"{shown}: {error.message}", error.advice)
    finally:
        await opened.close()
    return Check(name, Status.WARN, f"{shown} is at revision {found}, the newest known here is {OURS.head()}", _LATER)


async def replica(settings: Settings) -> list[Check]:
    """Whether the replica can be read, if one is named; without it everything is read from the primary."""
    if not settings.database.replica_url:
        return []
    name, shown = "replica", without_password(settings.database.replica_url)
    opened = Database.open(settings.database.replica_url, settings.database.model_copy(update={"replica_url": ""}))
    try:
        async with opened.read() as session:
            follows = await session.scalar(text("SELECT pg_is_in_recovery()"))
    except DiaristError as error:
        return [Check(name, Status.WARN, f"{shown}: {error.message}; the primary is read instead", error.advice)]
    finally:
        await opened.close()
    if not follows:
        advice = "DIARIST_DATABASE__REPLICA_URL must name a streaming replica; until then the primary is read."
        return [Check(name, Status.WARN, f"{shown} follows no other server", advice)]
    return [Check(name, Status.OK, f"{shown} follows the primary")]


async def blobs(settings: Settings) -> Check:
    """Whether a blob can be written, read and deleted again."""
    name, shown = "blob store", without_password(settings.storage_url)
    if not settings.storage.url and not there(settings.data_dir):
        return Check(name, Status.OK, f"{shown}, not there yet; will be made when it is first needed")
    prefix = f"doctor/{uuid.uuid4().hex}"
    try:
        store = Blobs.open(settings.storage_url, settings.storage, scratch=settings.scratch_dir)
        await store.put(f"{prefix}/probe", b"probe")
        same = await store.get(f"{prefix}/probe") == b"probe"
        await store.delete_under(prefix)
    except DiaristError as error:
        return failed(name, error)
    if not same:
        return Check(name, Status.FAIL, f"{shown} gives back other bytes than it was given", "Check the disk.")
    return Check(name, Status.OK, f"{shown}, a probe was written, read and deleted")


def worker(settings: Settings) -> Check:
    """Who works on the data directory."""
    if not there(settings.data_dir):
        return Check("worker", Status.OK, "nobody works; there is no data directory yet")
    try:
        pid = working_process(settings.data_dir)
    except DiaristError as error:
        return failed("worker", error)
    if pid is None:
        return Check("worker", Status.OK, "nobody works now; `diarist up`, `add` and `resume` do")
    return Check("worker", Status.OK, f"process {pid} works on this data directory")
