"""The table of tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Owned
from diarist.domain.job import TaskState

_READY, _WAITING = text("state = 'queued'"), text("state = 'waiting'")


class TaskRow(Owned, Base):
    """One step of one job; all times are seconds since the epoch by the database's clock."""

    __tablename__ = "tasks"
    __table_args__ = (
        # Only what is ready is in the first two, so that claiming costs the same whatever else the table holds.
        Index("ix_tasks_ready", "queue", "priority", "turn", "id", sqlite_where=_READY, postgresql_where=_READY),
        Index("ix_tasks_backlog", "account_id", "queue", "priority", "turn", sqlite_where=_READY, postgresql_where=_READY),
        Index("ix_tasks_due", "run_after", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_tasks_started", "queue", "priority", "started_at"),
        Index("ix_tasks_state", "state", "queue"),
        Index("ix_tasks_job_stage", "job_id", "stage", "state"),
        Index("ix_tasks_account_id_finished_at", "account_id", "finished_at"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    """Found by an index that it shares with `finished_at`: one more would have to be kept up by every task."""
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(40))
    queue: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """Makes putting a task idempotent."""
    payload: Mapped[dict[str, Any]]
    """Ids only; handlers read the rows again."""
    state: Mapped[TaskState]
    priority: Mapped[int] = mapped_column(default=5)
    """Lower goes first."""
    turn: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """Within its priority: each account's next task stands one further back, so that accounts take turns."""
    run_after: Mapped[float | None] = mapped_column(Double)
    """When a waiting task becomes ready by itself; None when it waits for other tasks."""
    attempts: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    token: Mapped[UUID | None]
    """Fencing token: whoever holds it may write the result."""
    lease_until: Mapped[float | None] = mapped_column(Double)
    done_seconds: Mapped[float] = mapped_column(Double, default=0.0)
    """Seconds of audio that the running or finished try has been through."""
    error_code: Mapped[str | None] = mapped_column(String(60))
    error_message: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[float | None] = mapped_column(Double)
    """When its last try began."""
    finished_at: Mapped[float | None] = mapped_column(Double)
    earlier_seconds: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")
    """How long tries before the last held it."""
    cpu_seconds: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")
    """Of one core, that all tries have taken in threads and child processes, see `telemetry.processor`; `past_work` has what was
    taken before it was put back for another round."""
    gpu_seconds: Mapped[float] = mapped_column(Double, default=0.0, server_default="0")
    """Of one graphics card."""
    traceparent: Mapped[str | None] = mapped_column(String(55))
    """Where in which trace it was put down, or made ready again; see `telemetry.traceparent`."""
    done_in: Mapped[str | None] = mapped_column(String(55))
    """Where in which trace its last try ended."""


TASKS: Table = TaskRow.__table__  # type: ignore[assignment]  # the declaration says FromClause, it is a Table
"""The table itself, for statements that every task needs: those of the class cost twice as much to execute."""
