"""What holds of every database, whichever holds it, before and after it was restored."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from diarist.backup.manifest import Manifest
from diarist.database.session import Database
from diarist.errors import BackupDamaged
from diarist.recordings.models import RecordingRow
from diarist.recordings.orphans import spare_orphans
from diarist.recordings.uploads.models import UploadRow

SPARED_FOR = 7 * 86_400.0
"""Seconds for which no orphan is deleted after a restore: time to take in again what came after the backup."""
_BOOKKEEPING = {"alembic_version", "sweeps", "failures", "event_log", "model_measurements", "traffic"}
"""Tables that fill by themselves where nobody has given anything yet."""


def holds_something(rows: Mapping[str, int]) -> bool:
    """Whether a database with so many rows in its tables has anything that somebody could miss."""
    # Migrations make the one account `local`.
    return rows.get("accounts", 0) > 1 or any(count for name, count in rows.items() if name not in {*_BOOKKEEPING, "accounts"})


def require_all_rows(manifest: Manifest, rows: Mapping[str, int]) -> None:
    """Raise `BackupDamaged` unless every table has the rows that it had."""
    wrong = [name for name, count in manifest.database.rows.items() if rows.get(name) != count]
    if wrong:
        raise BackupDamaged(f"other rows came back than were dumped, in {', '.join(wrong)}")


async def settle(database: Database, manifest: Manifest) -> None:
    """Delete again what was deleted while the backup was made, and let nobody sweep what came after it."""
    async with database.write() as session:
        await spare_orphans(session, SPARED_FOR)
        if manifest.withdrawn:
            await session.execute(delete(RecordingRow).where(RecordingRow.id.in_(manifest.withdrawn)))
            await session.execute(delete(UploadRow).where(UploadRow.id.in_(manifest.withdrawn)))
