"""Where rows and recordings are kept, and who works on them."""

from __future__ import annotations

import uuid

from diarist.cli.checks.check import Check, Status, failed, there
from diarist.cli.origins import without_password
from diarist.database.migrate import current, head
from diarist.errors import DiaristError
from diarist.services.embedded_workers import working_process
from diarist.settings import Settings
from diarist.storage.blobs import Blobs


async def database(settings: Settings) -> Check:
    """Whether the database can be read, and is of this version."""
    name, shown = "database", without_password(settings.database_url)
    if not settings.database.url and not there(settings.data_dir / "diarist.db"):
        return Check(name, Status.OK, f"{shown}, not there yet; will be made when it is first needed")
    try:
        found = await current(settings.database_url)
    except DiaristError as error:
        return failed(name, error)
    if found is not None and found > head():
        advice = "It was written by a newer Diarist. Install that version again."
        return Check(name, Status.FAIL, f"{shown} is at revision {found}, this version knows {head()}", advice)
    if found != head():
        advice = "`diarist db upgrade` brings it up to date; so does the next command that needs it."
        return Check(name, Status.WARN, f"{shown} is at revision {found or 'none'}, the newest is {head()}", advice)
    return Check(name, Status.OK, f"{shown}, revision {found}")


async def blobs(settings: Settings) -> Check:
    """Whether a blob can be written, read and deleted again."""
    name, shown = "blob store", without_password(settings.storage_url)
    if not settings.storage.url and not there(settings.data_dir):
        return Check(name, Status.OK, f"{shown}, not there yet; will be made when it is first needed")
    prefix = f"doctor/{uuid.uuid4().hex}"
    try:
        store = Blobs.open(settings.storage_url)
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
