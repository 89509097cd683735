"""The table of errors."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified
from diarist.failures.failure import FailureKind

OF_ALL = text("account_id IS NULL")
"""Picks the rows that count what happened to anybody, and to nobody."""


class FailureRow(Identified, Base):
    """Errors that are alike: in all, and once more for each account that they happened to."""

    __tablename__ = "failures"
    __table_args__ = (
        Index("ix_failures_fingerprint", "fingerprint", unique=True, sqlite_where=OF_ALL, postgresql_where=OF_ALL),
        Index("ix_failures_account_id_fingerprint", "account_id", "fingerprint", unique=True),
        Index("ix_failures_account_id_last_seen", "account_id", "last_seen"),
        Index("ix_failures_last_seen", "last_seen"),
    )

    fingerprint: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    """Whose; None for the row that counts all."""
    code: Mapped[str] = mapped_column(String(80))
    kind: Mapped[FailureKind]
    type: Mapped[str] = mapped_column(String(200))
    """The name of its class."""
    place: Mapped[str] = mapped_column(String(200))
    """Template of a route, stage of a task, or name of a chore, where it was seen last."""
    frames: Mapped[list[Any]]
    """Places in our code as it was seen last, `{"module": …, "function": …, "line": …}`, the innermost last."""
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    count: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[str] = mapped_column(String(40))
    """Of Diarist, where it was seen last."""
    trace_id: Mapped[str | None] = mapped_column(String(32))
    """Of the last example, as the next ones."""
    request_id: Mapped[str | None] = mapped_column(String(128))
    job_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    resolved_at: Mapped[datetime | None]
    """When somebody said that it is mended; gone again when a newer version has it."""
    resolved_in: Mapped[str | None] = mapped_column(String(40))
    """The version in which it is mended, or the last that had it."""
