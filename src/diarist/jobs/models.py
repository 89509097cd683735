"""The table of jobs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, JsonOf, Owned
from diarist.domain.job import JobPriority, JobState
from diarist.domain.manner import Manner

UNFINISHED = text("jobs.state IN ('queued', 'running')")
"""In words that an index has, so that they are few, however many jobs there are."""
_UNFINISHED = text("state IN ('queued', 'running')")


class JobRow(Owned, Base):
    """One run of the pipeline."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_account_id_id", "account_id", "id"),
        Index("ix_jobs_unfinished", "id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
    )

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    priority: Mapped[JobPriority] = mapped_column(default=JobPriority.NORMAL, server_default=JobPriority.NORMAL.value)
    until: Mapped[str | None] = mapped_column(String(40))
    """The stage after which it ends; None when it goes the whole way."""
    manner: Mapped[Manner | None] = mapped_column(JsonOf(Manner))
    """How the recording is heard; None for the usual."""
    manner_key: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """`Manner.key`; empty for the usual."""
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    """`{"code", "message"}` each: what the owner should know about a result that is otherwise good; `tasks` beside them names
    those that it is about, by id, where it is about single tasks."""
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    traceparent: Mapped[str | None] = mapped_column(String(55))
    """Where in which trace it was asked for; see `telemetry.traceparent`."""

    def forget_warnings(self, codes: Collection[str]) -> None:
        """Take away the warnings of these codes."""
        self.warnings = [warning for warning in self.warnings if warning["code"] not in codes]

    def forget_task(self, task_id: UUID) -> None:
        """Take away what warnings say of one task; a warning goes with the last of its tasks."""
        kept: list[Any] = []
        for warning in self.warnings:
            left = [one for one in warning.get("tasks", ()) if one != str(task_id)]
            if left or "tasks" not in warning:
                kept.append({**warning, "tasks": left} if left else warning)
        self.warnings = kept
