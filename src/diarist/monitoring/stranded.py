"""Jobs that nobody will ever finish: there should be none, and who runs an installation hears of the first."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.domain.job import TaskState
from diarist.jobs.models import UNFINISHED, JobRow
from diarist.queue.models import TaskRow


async def stranded_jobs(session: AsyncSession) -> int:
    """How many jobs are not at their end, and have no task that is ready, at work, or comes due by itself.

    A task that waits for other tasks brings nothing about; jobs and their tasks change in the same transactions.
    """
    comes_due = and_(TaskRow.state == TaskState.WAITING, TaskRow.run_after.is_not(None))
    goes_on = or_(TaskRow.state.in_((TaskState.QUEUED, TaskState.RUNNING)), comes_due)
    hope = exists().where(TaskRow.job_id == JobRow.id, goes_on)
    return await session.scalar(select(func.count()).select_from(JobRow).where(UNFINISHED, ~hope)) or 0
