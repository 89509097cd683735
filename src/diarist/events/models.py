"""The tables of the log of events."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, utc_now

_UNPLACED = text("position IS NULL")


class EventRow(Base):
    """One thing that happened to what an account owns; its recording may be gone by now, and that is told as well."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_position", "position", unique=True),
        Index("ix_events_account_id_position", "account_id", "position"),
        Index("ix_events_unplaced", "id", sqlite_where=_UNPLACED, postgresql_where=_UNPLACED),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True)
    """In the order of writing; what is written later may be committed earlier."""
    position: Mapped[int | None] = mapped_column(BigInteger)
    """In the order in which readers see it; None until it has one."""
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    job_id: Mapped[UUID | None]
    recording_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=utc_now)


class EventLogRow(Base):
    """One row: where the log begins and ends. Whoever gives out positions, or takes old events away, holds it."""

    __tablename__ = "event_log"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    placed: Mapped[int] = mapped_column(BigInteger)
    """The last position that was given out."""
    swept: Mapped[int] = mapped_column(BigInteger)
    """Up to this position there is nothing any more."""
