"""What was taken by tasks that are done once more, or are no more: it was paid for all the same."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Double, ForeignKey, Index, String, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified
from diarist.database.clock import database_now
from diarist.database.epoch_day import epoch_day
from diarist.queue.models import TaskRow


class PastWorkRow(Identified, Base):
    """Processor time of tasks of one stage of a job that ended on one day of UTC, as it stood when they were put back or went."""

    __tablename__ = "past_work"
    __table_args__ = (Index("ix_past_work_account_id_finished_at", "account_id", "finished_at"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    job_id: Mapped[UUID] = mapped_column(index=True)
    """A job that may be gone."""
    stage: Mapped[str] = mapped_column(String(40))
    finished_at: Mapped[float] = mapped_column(Double)
    """When the last of them did, in seconds since the epoch."""
    cpu_seconds: Mapped[float] = mapped_column(Double)
    gpu_seconds: Mapped[float] = mapped_column(Double)


async def keep_past_work(session: AsyncSession, *which: ColumnElement[bool]) -> None:
    """Write down what these tasks have taken, and count from zero on them; before they are put back or removed."""
    used = (*which, or_(TaskRow.cpu_seconds > 0, TaskRow.gpu_seconds > 0))
    ended = func.coalesce(TaskRow.finished_at, TaskRow.started_at, database_now())
    whose = TaskRow.account_id, TaskRow.job_id, TaskRow.stage
    sums = (
        func.max(ended).label("finished_at"),
        func.sum(TaskRow.cpu_seconds).label("cpu_seconds"),
        func.sum(TaskRow.gpu_seconds).label("gpu_seconds"),
    )
    found = await session.execute(select(*whose, *sums).where(*used).group_by(*whose, epoch_day(ended)))
    past = [PastWorkRow(**row) for row in found.mappings()]
    if past:
        session.add_all(past)
        await session.execute(
            update(TaskRow).where(*used).values(cpu_seconds=0.0, gpu_seconds=0.0),
            execution_options={"synchronize_session": False},
        )
