"""What a backup consists of. Its manifest is written last: a backup without one is not finished, and is never taken for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from diarist.errors import BackupDamaged

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object of the backup store, as it was before it was encrypted."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabasePart:
    """The dump of a database."""

    kind: str
    """`sqlite` (the file, deflated) or `postgresql` (an archive for `pg_restore`)."""
    revision: str
    """Of the schema."""
    server: int
    """PostgreSQL's major version; 0 for SQLite."""
    program: int
    """Major version of the `pg_dump` that wrote it; 0 for SQLite."""
    rows: dict[str, int]
    """By table, in the same view as the dump."""
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One whole backup."""

    id: UUID
    format: int = FORMAT
    version: str
    """Of Diarist."""
    began_at: datetime
    snapshot_at: datetime
    """The moment that it shows: what was committed before is in it."""
    finished_at: datetime
    database: DatabasePart
    index: tuple[Part, ...]
    """Where each blob is, in this order."""
    blobs: int
    size: int
    """Bytes of all blobs."""
    copied: int
    """Blobs that were copied for it; the others lay there already."""
    copied_size: int
    missing: tuple[str, ...] = ()
    """Keys that rows name and that the blob store did not have: lost before the backup was made."""
    damaged: tuple[str, ...] = ()
    """Keys whose bytes were not those that had been taken in; kept as they were found."""
    expired: int = 0
    """Chunks that were not there any more, as rules of a bucket may have it; they can be cut again from their recordings."""
    withdrawn: tuple[UUID, ...] = ()
    """Recordings and uploads that were deleted while it was made; after a restore they are deleted again."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """All but the blobs."""
        return (self.database.part, *self.index)


def write_manifest(manifest: Manifest) -> bytes:
    """As JSON."""
    return msgspec.json.encode(manifest)


def read_manifest(content: bytes) -> Manifest:
    """From JSON; raises `BackupDamaged`, also for one that a newer Diarist has written."""
    try:
        found = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupDamaged("the manifest cannot be read") from error
    if found.format != FORMAT:
        raise BackupDamaged(f"the backup has format {found.format}", advice="A newer Diarist has made it; use that version.")
    return found
