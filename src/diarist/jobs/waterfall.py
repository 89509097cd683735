"""Where the time of a job went, and its money: each task and each question to a model on one line of time, from our own rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.clock import database_now
from diarist.domain.job import JobState, Stage, TaskState
from diarist.jobs.repository import get_job, list_tasks
from diarist.llm.models import ReceiptRow
from diarist.llm.money import to_usd
from diarist.queue.models import TaskRow
from diarist.runtime import Runtime
from diarist.telemetry.traceparent import Traceparent

_ASKING = "llm"
"""The queue of the stage that asks models: what its questions cost is its cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One task; seconds, counted from when the first task of the job was ready."""

    task_id: UUID
    stage: str
    state: TaskState
    attempts: int
    crashes: int
    earlier: float
    """How long tries before the last one took."""
    ready: float | None
    """When its last try could have begun; None when it waits for other tasks."""
    waited: float
    """From then until a worker took it, or until now."""
    worked: float
    """How long its last try took, or has taken so far."""
    audio_seconds: float
    cpu_seconds: float
    """Of a core, that its tries have taken in threads and child processes."""
    gpu_seconds: float
    """Of a graphics card."""
    error: str | None
    """Its code, where the last try failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to language models; seconds as in `Bar`."""

    receipt_id: UUID
    purpose: str
    model: str | None
    """`provider/model`, of those whose answer was used."""
    began: float
    took: float
    calls: int
    cached: bool
    cost_usd: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSum:
    """All tasks of a stage together."""

    stage: str
    tasks: int
    attempts: int
    waited: float
    worked: float
    """Of all tries."""
    cost_usd: Decimal
    """Of language models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """All of a job."""

    job_id: UUID
    recording_id: UUID
    state: JobState
    trace_id: str | None
    seconds: float
    """From when its first task was ready until its last one ended, or now."""
    stages: tuple[StageSum, ...]
    bars: tuple[Bar, ...]
    """In the order of the stages, and within one of the recording."""
    questions: tuple[Question, ...]
    cost_usd: Decimal


async def waterfall(runtime: Runtime, account_id: UUID, job_id: UUID) -> Waterfall:
    """Read and draw up; raises `NotFound`."""
    async with runtime.database.read() as session:
        job = await get_job(session, account_id, job_id)
        tasks = await list_tasks(session, account_id, job_id)
        receipts = await _receipts(session, account_id, job_id)
        now = await session.scalar(select(database_now())) or 0.0
    origin = min((moment for task in tasks for moment in (task.run_after, task.started_at) if moment is not None), default=now)
    order = {stage.name: place for place, stage in enumerate(runtime.stages)}
    ordered = sorted(tasks, key=lambda task: (order.get(task.stage, len(order)), task.id))
    bars = tuple(_bar(task, origin, now) for task in ordered)
    questions = tuple(_question(row, origin) for row in receipts)
    cost = sum((one.cost_usd for one in questions), Decimal(0))
    place = Traceparent.read(job.traceparent)
    return Waterfall(
        job_id=job.id, recording_id=job.recording_id, state=job.state, trace_id=place.trace_id if place else None,
        seconds=max((_end(bar) for bar in bars), default=0.0), stages=tuple(_sums(runtime.stages, bars, cost)), bars=bars,
        questions=questions, cost_usd=cost,
    )  # fmt: skip


def _bar(task: TaskRow, origin: float, now: float) -> Bar:
    began = task.started_at if task.state is not TaskState.QUEUED and task.state is not TaskState.WAITING else None
    ready = task.run_after if task.run_after is not None else began
    if task.state is TaskState.WAITING and ready is not None and ready > now:
        ready = None  # put off after a try that failed
    end = now if task.finished_at is None and began is not None else task.finished_at
    return Bar(
        task_id=task.id, stage=task.stage, state=task.state, attempts=task.attempts, crashes=task.crashes,
        earlier=max(0.0, task.earlier_seconds), ready=None if ready is None else max(0.0, ready - origin),
        waited=0.0 if ready is None else max(0.0, (began if began is not None else end or now) - ready),
        worked=0.0 if began is None or end is None else max(0.0, end - began), audio_seconds=task.done_seconds,
        cpu_seconds=task.cpu_seconds, gpu_seconds=task.gpu_seconds, error=task.error_code,
    )  # fmt: skip


def _question(row: ReceiptRow, origin: float) -> Question:
    return Question(
        receipt_id=row.id, purpose=row.purpose, model=f"{row.provider}/{row.model}" if row.provider else None,
        began=max(0.0, row.created_at.timestamp() - origin), took=row.seconds, calls=len(row.hops), cached=row.cached,
        cost_usd=to_usd(row.cost),
    )  # fmt: skip


def _sums(stages: Sequence[Stage], bars: Sequence[Bar], cost: Decimal) -> Iterable[StageSum]:
    for stage in stages:
        own = [bar for bar in bars if bar.stage == stage.name]
        if own:
            yield StageSum(
                stage=stage.name, tasks=len(own), attempts=sum(bar.attempts for bar in own),
                waited=sum(bar.waited for bar in own), worked=sum(bar.worked + bar.earlier for bar in own),
                cost_usd=cost if stage.queue == _ASKING else Decimal(0),
            )  # fmt: skip


def _end(bar: Bar) -> float:
    return (bar.ready or 0.0) + bar.waited + bar.worked


async def _receipts(session: AsyncSession, account_id: UUID, job_id: UUID) -> Sequence[ReceiptRow]:
    statement = select(ReceiptRow).where(ReceiptRow.account_id == account_id, ReceiptRow.job_id == job_id)
    return (await session.scalars(statement.order_by(ReceiptRow.id))).all()
