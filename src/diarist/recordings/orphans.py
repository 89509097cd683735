"""Bytes that no row names: left by uploads that were killed, or by a crash in the middle of a deletion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import made_at, utc_now
from diarist.database.turns import end_turn, put_off, take_turn
from diarist.recordings.models import RecordingRow
from diarist.recordings.uploads.models import UploadRow
from diarist.runtime import Runtime

SPARED = timedelta(days=1)
"""An upload may still be under way in another process for this long after it began."""
SLICE = 500
"""Folders that are looked at in one turn: what memory holds, whatever the size of the store."""
REST = 6 * 3600.0
"""Seconds between one round through the whole store and the next."""
_LEASE = 600.0
_NAME = "orphans"
_AREAS: dict[str, type[RecordingRow | UploadRow]] = {"recordings": RecordingRow, "uploads": UploadRow}
"""The folders of an account, and the table whose rows name what lies in them."""

log = structlog.get_logger(__name__)


async def sweep_orphans(runtime: Runtime) -> int:
    """Look at the next slice of the store, if it is our turn, and delete what belongs to no row and is older than any upload.

    Returns how many folders went. One process at a time; the next turn, whoever takes it, goes on where this one ended.
    """
    position = await take_turn(runtime.database, _NAME, _LEASE)
    if position is None:
        return 0
    account, area, after = position.split("/") if position else ("", "", "")
    if not account:
        account, area = await _account_behind(runtime, ""), next(iter(_AREAS))
    swept, following = 0, ""
    if account:
        prefix = f"accounts/{account}/{area}"
        names = await runtime.blobs.folders(prefix, after=after, limit=SLICE)
        for name in await _unnamed(runtime, area, names):
            await runtime.blobs.delete_under(f"{prefix}/{name}")
            swept += 1
        following = await _following(runtime, account, area, names)
    await end_turn(runtime.database, _NAME, following, rest=0.0 if following else REST)
    if swept:
        log.info("orphans.swept", folders=swept)
    return swept


async def spare_orphans(session: AsyncSession, seconds: float) -> None:
    """Delete none for so long: after a restore, what came since the backup is named by no row, and may be all there is of it."""
    await put_off(session, _NAME, seconds)


async def _unnamed(runtime: Runtime, area: str, names: Sequence[str]) -> list[str]:
    """Those of the folders that are old enough and that no row names."""
    old = {made: name for name in names if (made := _id(name)) and utc_now() - made_at(made) > SPARED}
    if not old:
        return []
    table = _AREAS[area]
    # Asked of the database that is written to: a copy may lag behind.
    async with runtime.database.write() as session:
        known = set(await session.scalars(select(table.id).where(table.id.in_(old))))
    return [name for made, name in old.items() if made not in known]


async def _following(runtime: Runtime, account: str, area: str, names: Sequence[str]) -> str:
    """Where the next turn begins; empty when the round is done."""
    if len(names) == SLICE:
        return f"{account}/{area}/{names[-1]}"
    areas = list(_AREAS)
    if area != areas[-1]:
        return f"{account}/{areas[areas.index(area) + 1]}/"
    account = await _account_behind(runtime, account)
    return f"{account}/{areas[0]}/" if account else ""


async def _account_behind(runtime: Runtime, account: str) -> str:
    found = await runtime.blobs.folders("accounts", after=account, limit=1)
    return found[0] if found else ""


def _id(name: str) -> UUID | None:
    try:
        return UUID(hex=name)
    except ValueError:
        return None


async def forget_if_deleted(runtime: Runtime, recording: RecordingRow) -> None:
    """Delete what was written for a recording after it had been deleted."""
    async with runtime.database.read() as session:
        there = await session.scalar(select(RecordingRow.id).where(RecordingRow.id == recording.id))
    if there is None:
        await runtime.blobs.delete_under(recording.blob_prefix)
