"""A small pipeline whose handlers a test writes itself: `PLAY` maps a stage to what it does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import select, update

from diarist.database.clock import database_now
from diarist.domain.job import Stage, TaskState
from diarist.jobs.flow import Flow
from diarist.jobs.models import JobRow
from diarist.jobs.service import start_job, view_job
from diarist.jobs.work import Effect, TaskContext, Worker
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.settings import QueueSettings, Settings
from diarist.wiring import open_runtime

Play = Callable[[TaskContext], Awaitable[Effect | None]]

PLAY: dict[str, Play] = {}
PARTS = 3

STAGES = (
    Stage("look", "played_stages:look", queue="audio", then="cut"),
    Stage("cut", "played_stages:cut", queue="audio", then="part", fan_out=True),
    Stage("part", "played_stages:part", queue="transcription", then="join", join=True),
    Stage("join", "played_stages:join", queue="audio", then="close"),
    Stage("close", "played_stages:close", queue="llm"),
)


async def look(context: TaskContext) -> Effect | None:
    return await _played("look", context)


async def cut(context: TaskContext) -> Effect | None:
    for index in range(PARTS):
        async with context.fenced() as session:
            await context.put_part(session, str(index), {"index": index})
    return await _played("cut", context)


async def part(context: TaskContext) -> Effect | None:
    return await _played("part", context)


async def join(context: TaskContext) -> Effect | None:
    return await _played("join", context)


async def close(context: TaskContext) -> Effect | None:
    return await _played("close", context)


async def _played(stage: str, context: TaskContext) -> Effect | None:
    play = PLAY.get(stage)
    return await play(context) if play else None


@asynccontextmanager
async def on_stage(settings: Settings, queue: QueueSettings, recording: RecordingRow) -> AsyncIterator[tuple[Runtime, JobRow]]:
    """A Runtime whose pipeline is this one, and a job that has just begun; nothing is played yet, nor afterwards."""
    async with open_runtime(settings.model_copy(update={"queue": queue}), lambda queue: None) as opened:
        runtime = replace(opened, stages=STAGES)
        async with runtime.database.write() as session:
            job = await start_job(runtime, session, recording.account_id, recording.id)
        PLAY.clear()
        yield runtime, job
        PLAY.clear()


class Bench:
    """A worker and the job it works on."""

    def __init__(self, runtime: Runtime, job: JobRow) -> None:
        self.runtime, self.account_id, self.job_id = runtime, job.account_id, job.id
        self.flow = Flow(runtime)
        self.worker = Worker(runtime, self.flow)
        self.ran: list[str] = []

    async def work_off(self) -> None:
        """Work until nothing is ready, whatever the time says."""
        queues = {stage.queue for stage in self.runtime.stages}
        while True:
            async with self.runtime.database.write() as session:
                await session.execute(update(TaskRow).where(TaskRow.run_after > database_now()).values(run_after=database_now()))
                await self.runtime.ledger.open_due(session)
                ready = await session.scalar(select(TaskRow.id).where(TaskRow.state == TaskState.QUEUED).limit(1))
            if ready is None:
                return
            for queue in queues:
                await self.worker.work(queue)

    async def job(self) -> JobRow:
        return (await view_job(self.runtime, self.account_id, self.job_id, None)).job

    async def states(self) -> dict[str, list[TaskState]]:
        found: dict[str, list[TaskState]] = {}
        async with self.runtime.database.read() as session:
            for row in await session.scalars(select(TaskRow).order_by(TaskRow.id)):
                found.setdefault(row.stage, []).append(row.state)
        return found


def noting(ran: list[str]) -> Play:
    """What a stage plays that only notes that it ran."""

    async def play(context: TaskContext) -> Effect | None:
        ran.append(context.task.stage)
        return None

    return play
