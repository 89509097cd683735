"""Jobs that end before the last stage, and go on when somebody asks for the rest."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

import played_stages
from diarist.database.base import new_id
from diarist.database.session import Database
from diarist.domain.job import JobState
from diarist.errors import NotFound, StillWorking
from diarist.jobs.flow import locked_job
from diarist.jobs.waiting import looks
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings, Settings
from played_stages import Bench, noting


@pytest.fixture
async def stage(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    async with played_stages.on_stage(settings, QueueSettings(renew=0.05, lease=5.0), recording) as (runtime, job):
        bench = Bench(runtime, job)
        for name in ("look", "cut", "part", "join", "close"):
            played_stages.PLAY[name] = noting(bench.ran)
        async with runtime.database.write() as session:
            (await locked_job(session, job.id)).until = "join"
        yield bench


async def test_a_job_ends_where_it_was_told_to(stage: Bench) -> None:
    await stage.work_off()
    assert stage.ran == ["look", "cut", "part", "part", "part", "join"]
    job = await stage.job()
    assert (job.state, job.finished_at is not None) == (JobState.SUCCEEDED, True)


async def test_it_goes_on_where_it_ended_without_anything_twice(stage: Bench) -> None:
    await stage.work_off()
    async with stage.runtime.database.write() as session:
        assert await stage.flow.carry_on(session, await locked_job(session, stage.job_id))
    assert (await stage.job()).state is JobState.QUEUED
    await stage.work_off()
    assert stage.ran[-2:] == ["join", "close"]
    assert stage.ran.count("join") == 1
    async with stage.runtime.database.write() as session:
        assert not await stage.flow.carry_on(session, await locked_job(session, stage.job_id))


async def test_one_that_has_not_ended_yet_goes_the_whole_way_at_once(stage: Bench) -> None:
    async with stage.runtime.database.write() as session:
        assert not await stage.flow.carry_on(session, await locked_job(session, stage.job_id))
    await stage.work_off()
    assert stage.ran[-1] == "close"
    assert (await stage.job()).state is JobState.SUCCEEDED


async def test_who_waits_sees_the_end_and_is_told_when_it_takes_too_long(stage: Bench) -> None:
    runtime, account_id, job_id = stage.runtime, stage.account_id, stage.job_id
    with pytest.raises(StillWorking) as caught:
        async with aclosing(looks(runtime, account_id, job_id, 0.01)) as seen:
            assert {job.state async for job in seen} == {JobState.QUEUED}
    assert str(job_id) in caught.value.message
    await stage.work_off()
    async with aclosing(looks(runtime, account_id, job_id, 0.01)) as seen:
        assert [job.state async for job in seen] == [JobState.SUCCEEDED]
    with pytest.raises(NotFound):
        async with aclosing(looks(runtime, new_id(), job_id, 0.01)) as seen:
            await anext(seen)
