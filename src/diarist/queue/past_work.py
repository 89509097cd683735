"""What was taken by tasks that are done once more, or are no more: it was paid for all the same."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Double, ForeignKey, Index, String, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Identified
from diarist.database.clock import database_now
from diarist.queue.models import TaskRow

_DAY = 86_400


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
    columns = TaskRow.account_id, TaskRow.job_id, TaskRow.stage, ended, TaskRow.cpu_seconds, TaskRow.gpu_seconds
    sums: dict[tuple[UUID, str, int], PastWorkRow] = {}
    for account_id, job_id, stage, finished_at, cpu_seconds, gpu_seconds in await session.execute(select(*columns).where(*used)):
        one = sums.setdefault(
            (job_id, stage, int(finished_at // _DAY)),
            PastWorkRow(account_id=account_id, job_id=job_id, stage=stage, finished_at=0.0, cpu_seconds=0.0, gpu_seconds=0.0),
        )
        one.finished_at = max(one.finished_at, finished_at)
        one.cpu_seconds += cpu_seconds
        one.gpu_seconds += gpu_seconds
    if sums:
        session.add_all(sums.values())
        await session.execute(
            update(TaskRow).where(*used).values(cpu_seconds=0.0, gpu_seconds=0.0),
            execution_options={"synchronize_session": False},
        )
