"""How much there is to do: the tasks of each queue and priority, and the audio in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import String, Uuid, and_, case, cast, func, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.clock import database_now
from diarist.domain.job import JobPriority, TaskState
from diarist.jobs.models import JobRow
from diarist.queue.broker import QUEUES
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.telemetry.metrics.tasks import priority_name
from diarist.transcription.models import ChunkRow

_STATES = (TaskState.QUEUED, TaskState.RUNNING, TaskState.PARKED)


@dataclass(slots=True, kw_only=True)
class Backlog:
    """Of one queue at one priority."""

    ready: int = 0
    delayed: int = 0
    """Waiting for their time; those that wait for other tasks are not here."""
    running: int = 0
    parked: int = 0
    oldest: float = 0.0
    """Seconds for which a task has been ready."""
    audio: float = 0.0
    """Seconds in what is ready, delayed or running; as far as lengths are known."""


async def backlog(session: AsyncSession) -> Mapping[tuple[str, str], Backlog]:
    """By queue and priority, those included in which nothing is to be done."""
    found: dict[tuple[str, str], Backlog] = defaultdict(Backlog)
    for queue, priority in product(QUEUES, JobPriority):
        found[queue, priority.value] = Backlog()
    for queue, priority, state, tasks, oldest, audio in await session.execute(_counted(session.get_bind().dialect.name)):
        one = found[queue, priority_name(priority)]
        match state:
            case TaskState.QUEUED:
                one.ready += tasks
                one.oldest = max(one.oldest, oldest or 0.0)
            case TaskState.WAITING:
                one.delayed += tasks
            case TaskState.RUNNING:
                one.running += tasks
            case _:
                one.parked += tasks
        if state is not TaskState.PARKED:
            one.audio += max(0.0, audio or 0.0)
    return found


def _counted(dialect: str) -> Any:
    whole = func.coalesce(RecordingRow.duration, RecordingRow.declared_duration, 0.0)
    length = case((ChunkRow.id.is_not(None), ChunkRow.end - ChunkRow.start), else_=whole)
    done = case((TaskRow.state == TaskState.RUNNING, TaskRow.done_seconds), else_=0.0)
    open_now = or_(TaskRow.state.in_(_STATES), and_(TaskRow.state == TaskState.WAITING, TaskRow.run_after.is_not(None)))
    return (
        select(
            TaskRow.queue, TaskRow.priority, TaskRow.state, func.count(),
            database_now() - func.min(TaskRow.run_after), func.sum(length - done),
        )
        .join(JobRow, JobRow.id == TaskRow.job_id)
        .join(RecordingRow, RecordingRow.id == JobRow.recording_id)
        .outerjoin(ChunkRow, _chunk_of_task(dialect))
        .where(open_now)
        .group_by(TaskRow.queue, TaskRow.priority, TaskRow.state)
    )  # fmt: skip


def _chunk_of_task(dialect: str) -> Any:
    """What a payload names; SQLite keeps ids as text without dashes."""
    named = TaskRow.payload["chunk_id"].as_string()
    if dialect == "sqlite":
        return type_coerce(ChunkRow.id, String) == func.replace(named, "-", "")
    return ChunkRow.id == cast(named, Uuid)
