"""Makes a backup.

What is deleted, moved or finished while blobs are copied must not leave the backup with rows whose bytes it lacks. Bytes are
always there before the row that names them, and go after it. So: (1) everything is copied that rows name now, which may take
hours; (2) the database is held still, and what has come since is copied at once, before anything slow is done; (3) the database
is dumped as it was held still. What has gone between (2)'s first moment and its copying was deleted meanwhile, or has moved;
then one looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from diarist import __version__
from diarist.backup.copying import Copier, Step, Told
from diarist.backup.index import Journal, write_index
from diarist.backup.manifest import DatabasePart, Manifest
from diarist.backup.named import BlobKind, Named, named_now
from diarist.backup.snapshot import Snapshot, System, hold_still
from diarist.backup.store import BackupStore, folder_of
from diarist.backup.turn import Turn
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.errors import Unavailable
from diarist.recordings.models import RecordingRow

_LOOKS = 5
"""Times that the database is held still before it is said to change too fast."""


@dataclass(slots=True)
class _Lost:
    """What a snapshot names and the blob store does not have."""

    missing: list[str]
    expired: int
    withdrawn: set[UUID]
    moved: bool
    """Whether the database was held still too early or too late, for something that must not be left out."""


async def create_backup(system: System, store: BackupStore, turn: Turn, told: Told) -> Manifest:
    """Back the system up, while it works; the caller has the turn.

    Raises storage and database errors; then the backup is not finished, and the next run goes on with what was copied.
    """
    backup_id, began_at = new_id(), utc_now()
    journal = Journal.begin(store, backup_id)
    copier = await Copier.begin(system.blobs, store, journal, told)
    await copier.copy(await named_now(system.database))
    for _ in range(_LOOKS):
        async with hold_still(system) as snapshot:
            wanted = await snapshot.named()
            gone = await copier.copy(wanted)
            lost = await _explained(system.database, gone)
            if lost.moved:
                continue
            absent = {one.key for one in gone}
            there = [copier.copies[key] for key, one in wanted.items() if key not in absent and one.owner not in lost.withdrawn]
            database = await _dumped(store, backup_id, snapshot, told)
        manifest = Manifest(
            id=backup_id, version=__version__, began_at=began_at, snapshot_at=snapshot.at, finished_at=utc_now(),
            database=database, index=await write_index(store, backup_id, there), blobs=len(there),
            size=sum(copy.size for copy in there), copied=len(copier.copied),
            copied_size=sum(copy.size for copy in copier.copied), missing=tuple(sorted(lost.missing)), expired=lost.expired,
            damaged=tuple(sorted({*copier.damaged} & wanted.keys())), withdrawn=tuple(sorted(lost.withdrawn)),
        )  # fmt: skip
        await turn.hold()
        await store.finish(manifest)
        await journal.drop()
        return manifest
    raise Unavailable("recordings change faster than they can be copied", advice="Try again when less is going on.")


async def _dumped(store: BackupStore, backup_id: UUID, snapshot: Snapshot, told: Told) -> DatabasePart:
    told(Step.DATABASE, 0, 0)
    rows = await snapshot.rows()
    async with aclosing(snapshot.dump()) as stream:
        part = await store.put(f"{folder_of(backup_id)}/database", stream)
    told(Step.DATABASE, part.size, part.size)
    return DatabasePart(
        kind=snapshot.kind, revision=snapshot.revision, server=snapshot.server, program=snapshot.program, rows=rows, part=part
    )


async def _explained(database: Database, gone: Sequence[Named]) -> _Lost:
    """Why blobs were not there: deleted with their rows, or lost."""
    lost = _Lost(missing=[], expired=0, withdrawn=set(), moved=False)
    if not gone:
        return lost
    now = await named_now(database)
    async with database.read() as session:
        recordings = {*await session.scalars(select(RecordingRow.id))}
    for one in gone:
        if one.key in now:
            if one.kind is BlobKind.CHUNK:
                lost.expired += 1
            else:
                lost.missing.append(one.key)
        elif one.kind is BlobKind.UPLOAD or (one.kind is not BlobKind.WHOLE_UPLOAD and one.owner not in recordings):
            lost.withdrawn.add(one.owner)
        else:
            # An upload that was acknowledged is a recording by now, or a recording has another copy.
            lost.moved = True
    return lost
