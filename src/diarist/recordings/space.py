"""How much room each account's recordings take, and how much its archive policy has saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.domain.archive import ArchiveFormat
from diarist.recordings.models import RecordingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One account's; sizes in bytes, chunks left out."""

    account: str
    archive_format: ArchiveFormat
    archive_after_days: int
    recordings: int
    size_bytes: int
    archived: int
    """Recordings whose originals were re-encoded."""
    saved_bytes: int


async def space_taken(session: AsyncSession) -> Sequence[Space]:
    """Every account by name."""
    original = func.coalesce(RecordingRow.original_size_bytes, RecordingRow.size_bytes)
    statement = (
        select(
            AccountRow.name, AccountRow.archive_format, AccountRow.archive_after_days, func.count(RecordingRow.id),
            func.coalesce(func.sum(RecordingRow.size_bytes), 0), func.count(RecordingRow.archived_format),
            func.coalesce(func.sum(original - RecordingRow.size_bytes), 0),
        )
        .outerjoin(RecordingRow, RecordingRow.account_id == AccountRow.id)
        .group_by(AccountRow.id, AccountRow.name, AccountRow.archive_format, AccountRow.archive_after_days)
        .order_by(AccountRow.name)
    )  # fmt: skip
    return [
        Space(
            account=name, archive_format=kind, archive_after_days=days, recordings=count, size_bytes=int(size), archived=archived,
            saved_bytes=int(saved),
        )
        for name, kind, days, count, size, archived, saved in (await session.execute(statement)).all()
    ]  # fmt: skip
