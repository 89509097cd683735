"""What recordings took up that are deleted: it was paid for all the same. Sizes and days, and nothing of what they held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Double, ForeignKey, Index, Uuid, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified, utc_now
from diarist.recordings.models import RecordingRow

CHUNKS = table("chunks", column("recording_id", Uuid()), column("size_bytes"))
"""Chunks belong to a feature above this layer; here only their sizes are asked for."""


class PastStorageRow(Identified, Base):
    """Bytes that lay in the object store for some time."""

    __tablename__ = "past_storage"
    __table_args__ = (Index("ix_past_storage_account_id_until", "account_id", "until"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    since: Mapped[date]
    """The first day of UTC at whose end they lay there."""
    until: Mapped[date]
    """The first day at whose end they no longer did."""
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    audio_seconds: Mapped[float] = mapped_column(Double, default=0.0)
    """Of the recording that came on the first day; 0 in the rows of what was made of it."""


async def keep_past_storage(session: AsyncSession, recording: RecordingRow) -> None:
    """Write down what a recording took up, before it is deleted."""
    chunks = await session.scalar(select(func.sum(CHUNKS.c.size_bytes)).where(CHUNKS.c.recording_id == recording.id))
    session.add_all(_rows(recording, int(chunks or 0), utc_now().date()))


def _rows(recording: RecordingRow, chunk_bytes: int, today: date) -> Iterator[PastStorageRow]:
    """Chunks count from the day of the recording on; they are cut as soon as it is there."""
    came, mine = recording.created_at.date(), recording.account_id
    shrunk = recording.archived_at.date() if recording.archived_at and recording.original_size_bytes is not None else came
    first = recording.size_bytes if shrunk == came else recording.original_size_bytes or 0
    yield PastStorageRow(
        account_id=mine, since=came, until=max(came, shrunk if shrunk != came else today), size_bytes=first,
        audio_seconds=recording.best_duration or 0.0,
    )  # fmt: skip
    if shrunk != came:
        yield PastStorageRow(account_id=mine, since=shrunk, until=today, size_bytes=recording.size_bytes, audio_seconds=0.0)
    if chunk_bytes:
        yield PastStorageRow(account_id=mine, since=came, until=today, size_bytes=chunk_bytes, audio_seconds=0.0)
