"""One worker, a pipeline of five played stages, a real database."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import played_stages
from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.domain.job import JobPriority, JobState, TaskState
from diarist.errors import ChildDied, Conflict, DatabaseUnavailable, NotFound, StorageFull, UnsupportedAudio
from diarist.jobs.models import JobRow
from diarist.jobs.service import cancel_job, retry_job, start_job
from diarist.jobs.work import Effect, TaskContext
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings, Settings
from played_stages import Bench, noting


@pytest.fixture
async def stage(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    quick = QueueSettings(renew=0.05, lease=5.0, max_attempts=2)
    async with played_stages.on_stage(settings, quick, recording) as (runtime, job):
        yield Bench(runtime, job)


async def test_a_job_goes_through_every_stage_in_order_and_joins_its_parts(stage: Bench) -> None:
    for name in ("look", "cut", "part", "join", "close"):
        played_stages.PLAY[name] = noting(stage.ran)
    await stage.work_off()
    assert stage.ran == ["look", "cut", "part", "part", "part", "join", "close"]
    job = await stage.job()
    assert job.state is JobState.SUCCEEDED
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.started_at <= job.finished_at


async def test_the_join_waits_for_the_cut_even_when_every_part_so_far_is_settled(stage: Bench) -> None:
    seen: list[dict[str, list[TaskState]]] = []

    async def cutting(context: TaskContext) -> None:
        for _ in range(played_stages.PARTS):
            await stage.worker.work("transcription")
        seen.append(await stage.states())

    played_stages.PLAY["cut"] = cutting
    await stage.work_off()
    assert seen[0]["part"] == [TaskState.SUCCEEDED] * 3
    assert seen[0]["join"] == [TaskState.WAITING]
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_a_database_that_is_away_when_a_task_settles_does_not_cost_its_work(stage: Bench) -> None:
    away = 2

    async def looking(context: TaskContext) -> Effect:
        stage.ran.append(context.task.stage)

        async def effect(session: AsyncSession) -> None:
            nonlocal away
            away -= 1
            if away >= 0:
                raise DatabaseUnavailable

        return effect

    played_stages.PLAY["look"] = looking
    await stage.work_off()
    assert stage.ran == ["look"]
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_a_part_that_fails_for_good_does_not_stop_the_join(stage: Bench) -> None:
    async def failing(context: TaskContext) -> None:
        if context.task.payload["index"] == 1:
            raise UnsupportedAudio

    played_stages.PLAY["part"] = failing
    await stage.work_off()
    states = await stage.states()
    assert states["part"] == [TaskState.SUCCEEDED, TaskState.FAILED, TaskState.SUCCEEDED]
    assert states["join"] == [TaskState.SUCCEEDED]
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_a_stage_that_fails_for_good_ends_the_job_with_its_reason(stage: Bench) -> None:
    async def failing(context: TaskContext) -> None:
        raise UnsupportedAudio("a text file")

    played_stages.PLAY["cut"] = failing
    await stage.work_off()
    job = await stage.job()
    assert (job.state, job.error_code, job.error_message) == (JobState.FAILED, "unsupported_audio", "a text file")
    assert TaskState.QUEUED not in [state for states in (await stage.states()).values() for state in states]


async def test_a_passing_error_is_tried_again_and_then_forgotten(stage: Bench) -> None:
    tries: list[int] = []

    async def flaky(context: TaskContext) -> None:
        tries.append(context.task.attempts)
        if len(tries) == 1:
            raise ChildDied

    played_stages.PLAY["join"] = flaky
    await stage.work_off()
    assert tries == [1, 2]
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_a_bug_in_a_handler_fails_the_job_instead_of_leaving_it_for_ever(stage: Bench) -> None:
    async def buggy(context: TaskContext) -> None:
        raise ZeroDivisionError

    played_stages.PLAY["close"] = buggy
    await stage.work_off()
    job = await stage.job()
    assert (job.state, job.error_code) == (JobState.FAILED, "internal")
    assert "ZeroDivisionError" in (job.error_message or "")


async def test_a_retry_does_only_what_was_not_done_and_joins_again(stage: Bench) -> None:
    broken = True

    async def part(context: TaskContext) -> None:
        stage.ran.append(f"part {context.task.payload['index']}")
        if broken and context.task.payload["index"] == 2:
            raise UnsupportedAudio

    played_stages.PLAY.update(part=part, join=noting(stage.ran), close=noting(stage.ran))
    await stage.work_off()
    assert stage.ran == ["part 0", "part 1", "part 2", "join", "close"]
    stage.ran.clear()
    broken = False
    await retry_job(stage.runtime, stage.account_id, stage.job_id)
    await stage.work_off()
    assert stage.ran == ["part 2", "join", "close"]
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_a_retry_after_a_failed_cut_does_not_join_too_early(stage: Bench) -> None:
    broken = True

    async def cut(context: TaskContext) -> None:
        stage.ran.append("cut")
        if broken:
            raise UnsupportedAudio

    played_stages.PLAY.update(cut=cut, part=noting(stage.ran), join=noting(stage.ran))
    await stage.work_off()
    assert (await stage.job()).state is JobState.FAILED
    broken = False
    stage.ran.clear()
    await retry_job(stage.runtime, stage.account_id, stage.job_id)
    await stage.work_off()
    assert sorted(stage.ran) == ["cut", "join", "part", "part", "part"]
    assert stage.ran[-1] == "join"
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_a_stage_is_done_once_more_on_demand_and_so_is_what_follows_it(stage: Bench) -> None:
    for name in ("look", "cut", "part", "join", "close"):
        played_stages.PLAY[name] = noting(stage.ran)
    await stage.work_off()
    for again, expected in (("close", ["close"]), ("join", ["join", "close"]), ("part", ["part"] * 3 + ["join", "close"])):
        stage.ran.clear()
        await retry_job(stage.runtime, stage.account_id, stage.job_id, stage=again)
        await stage.work_off()
        assert stage.ran == expected
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_one_part_is_done_once_more_on_demand_and_joined_again(stage: Bench) -> None:
    await stage.work_off()
    for name in ("part", "join", "close"):
        played_stages.PLAY[name] = noting(stage.ran)
    async with stage.runtime.database.read() as session:
        part = (await session.scalars(select(TaskRow.id).where(TaskRow.stage == "part"))).first()
    await retry_job(stage.runtime, stage.account_id, stage.job_id, task_id=part)
    await stage.work_off()
    assert stage.ran == ["part", "join", "close"]


async def test_what_a_job_does_not_have_cannot_be_retried(stage: Bench) -> None:
    with pytest.raises(Conflict, match="queued"):
        await retry_job(stage.runtime, stage.account_id, stage.job_id)
    await stage.work_off()
    with pytest.raises(NotFound):
        await retry_job(stage.runtime, stage.account_id, stage.job_id, stage="dance")
    with pytest.raises(NotFound):
        await retry_job(stage.runtime, stage.account_id, stage.job_id, task_id=new_id())


async def test_every_task_of_a_job_has_the_jobs_class(stage: Bench, recording: RecordingRow) -> None:
    async with stage.runtime.database.write() as session:
        await start_job(stage.runtime, session, stage.account_id, recording.id, JobPriority.BULK)
    await stage.work_off()
    async with stage.runtime.database.read() as session:
        priorities = set(await session.scalars(select(TaskRow.priority).where(TaskRow.job_id != stage.job_id)))
    assert priorities == {JobPriority.BULK.rank}


async def test_there_is_nothing_to_retry_in_a_job_that_is_whole(stage: Bench) -> None:
    await stage.work_off()
    with pytest.raises(Conflict):
        await retry_job(stage.runtime, stage.account_id, stage.job_id)


async def test_cancelling_stops_the_handler_and_drops_its_result(stage: Bench) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()
    written: list[str] = []

    async def long(context: TaskContext) -> Effect:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

        async def effect(session: AsyncSession) -> None:
            written.append("result")

        return effect

    played_stages.PLAY["look"] = long
    turn = asyncio.create_task(stage.worker.work("audio"))
    await begun.wait()
    await cancel_job(stage.runtime, stage.account_id, stage.job_id)
    await asyncio.wait_for(turn, 5)
    assert stopped.is_set()
    assert written == []
    assert (await stage.job()).state is JobState.CANCELLED


async def test_stopping_gives_running_work_back_at_once(stage: Bench) -> None:
    begun = asyncio.Event()

    async def long(context: TaskContext) -> None:
        begun.set()
        await asyncio.sleep(60)

    played_stages.PLAY["look"] = long
    turn = asyncio.create_task(stage.worker.work("audio"))
    await begun.wait()
    await stage.worker.stop()
    await asyncio.wait_for(turn, 5)
    assert (await stage.states())["look"] == [TaskState.QUEUED]
    await stage.worker.work("audio")
    assert (await stage.states())["look"] == [TaskState.QUEUED], "a stopped worker took a task"


async def test_a_result_is_written_in_the_transaction_that_settles_the_task(stage: Bench) -> None:
    async def look(context: TaskContext) -> Effect:
        async def effect(session: AsyncSession) -> None:
            row = (await session.scalars(select(TaskRow).where(TaskRow.id == context.task.id))).one()
            assert row.state is TaskState.SUCCEEDED
            row.error_message = "half a result"
            await session.flush()
            raise ChildDied("in the middle of writing")

        return effect

    played_stages.PLAY["look"] = look
    await stage.worker.work("audio")
    async with stage.runtime.database.read() as session:
        row = (await session.scalars(select(TaskRow))).one()
    assert (row.state, row.error_message) == (TaskState.WAITING, "in the middle of writing")


async def test_progress_is_stored_while_the_handler_runs(stage: Bench) -> None:
    moved, enough = asyncio.Event(), asyncio.Event()

    async def look(context: TaskContext) -> None:
        context.done_seconds = 42.0
        moved.set()
        await enough.wait()

    async def stored() -> float:
        async with stage.runtime.database.read() as session:
            return (await session.scalars(select(TaskRow.done_seconds))).one()

    played_stages.PLAY["look"] = look
    turn = asyncio.create_task(stage.worker.work("audio"))
    await moved.wait()
    async with asyncio.timeout(5):
        while await stored() != 42.0:
            await asyncio.sleep(0.01)
    enough.set()
    await turn


async def test_to_cancel_while_a_task_is_settled_waits_and_does_not_fail(stage: Bench) -> None:
    async def look(context: TaskContext) -> Effect:
        async def effect(session: AsyncSession) -> None:
            cancelling.append(asyncio.create_task(cancel_job(stage.runtime, stage.account_id, stage.job_id)))
            await asyncio.sleep(0.3)  # long enough for it to come to its first lock

        return effect

    cancelling: list[asyncio.Task[JobRow]] = []
    played_stages.PLAY["look"] = look
    await stage.worker.work("audio")
    assert (await asyncio.wait_for(cancelling[0], 10)).state is JobState.CANCELLED
    assert (await stage.states())["look"] == [TaskState.SUCCEEDED]


async def test_a_worker_whose_disk_is_full_leaves_the_other_tasks_to_others(stage: Bench, recording: RecordingRow) -> None:
    async def full(context: TaskContext) -> None:
        stage.ran.append(context.task.stage)
        raise StorageFull

    async with stage.runtime.database.write() as session:
        await start_job(stage.runtime, session, stage.account_id, recording.id)
    played_stages.PLAY["look"] = full
    await stage.worker.work("audio")
    assert stage.ran == ["look"]
    assert sorted((await stage.states())["look"]) == [TaskState.QUEUED, TaskState.WAITING]
