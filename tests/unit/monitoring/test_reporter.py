"""Of all processes one tells what the database knows, so that sums over them are right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from diarist.database.base import first_id, made_at, new_id, utc_now
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.domain.job import TaskState
from diarist.jobs.models import JobRow
from diarist.monitoring.backlog import backlog
from diarist.monitoring.last_day import last_day
from diarist.monitoring.reporter import Reporter
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from diarist.transcription.models import ChunkRow


@pytest.fixture
async def job(database: Database, recording: RecordingRow) -> JobRow:
    async with database.write() as session:
        row = JobRow(id=new_id(), account_id=recording.account_id, recording_id=recording.id)
        session.add(row)
    return row


@pytest.fixture
async def chunk(database: Database, recording: RecordingRow) -> ChunkRow:
    async with database.write() as session:
        row = ChunkRow(
            id=new_id(), account_id=recording.account_id, recording_id=recording.id, plan_version=1, index=0, start=300.0,
            end=420.0, speech=[], blob_key="x",
        )  # fmt: skip
        session.add(row)
    return row


async def put(database: Database, job: JobRow, **values: object) -> None:
    async with database.write() as session:
        task = {"stage": "inspect", "queue": "audio", "state": TaskState.QUEUED, "payload": {}, "run_after": database_now() - 30}
        session.add(TaskRow(account_id=job.account_id, job_id=job.id, key=new_id().hex, **{**task, **values}))


async def test_what_is_to_do_is_told_in_seconds_of_audio(
    database: Database, recording: RecordingRow, job: JobRow, chunk: ChunkRow
) -> None:
    async with database.write() as session:
        row = await session.get_one(RecordingRow, recording.id)
        row.declared_duration = 1000.0
    heard = {"stage": "transcribe", "queue": "transcription", "payload": {"chunk_id": str(chunk.id)}}
    await put(database, job)
    await put(database, job, priority=9)
    await put(database, job, state=TaskState.WAITING, run_after=None)
    await put(database, job, **heard, state=TaskState.RUNNING, done_seconds=50.0)
    await put(database, job, **heard)
    await put(database, job, **heard, state=TaskState.WAITING)
    await put(database, job, **heard, state=TaskState.PARKED)
    await put(database, job, **heard, state=TaskState.SUCCEEDED)
    async with database.read() as session:
        found = await backlog(session)
    audio, bulk, transcription = found["audio", "normal"], found["audio", "bulk"], found["transcription", "normal"]
    assert (audio.ready, audio.delayed, audio.audio) == (1, 0, 1000.0)
    assert 30 <= audio.oldest < 90
    assert (bulk.ready, bulk.audio) == (1, 1000.0)
    assert (transcription.ready, transcription.delayed, transcription.running, transcription.parked) == (1, 1, 1, 1)
    assert transcription.audio == 120 + 120 + (120 - 50)
    assert found["llm", "interactive"].ready == 0


async def test_the_last_day_is_found_by_ids(database: Database, recording: RecordingRow) -> None:
    made = made_at(recording.id)
    assert first_id(made) <= recording.id < first_id(made + timedelta(milliseconds=1))
    async with database.read() as session:
        day = await last_day(session, utc_now())
    assert (day.accounts, day.recordings, day.audio_seconds, day.cost_per_audio_hour) == (1, 1, 0.0, 0.0)


@pytest.fixture
async def two(database: Database, settings: Settings) -> AsyncIterator[list[tuple[Metrics, Reporter]]]:
    first, second = Metrics.open(), Metrics.open()
    async with (
        Reporter.open(database, settings, second.shared) as other,
        Reporter.open(database, settings, first.shared) as one,
    ):
        yield [(first, one), (second, other)]


def depth(metrics: Metrics) -> list[float]:
    """Of every queue and priority, as far as this process tells it."""
    return [sample.value for family in metrics.catalogue.registry.collect() if family.name == "diarist_queue_depth"
            for sample in family.samples]  # fmt: skip


async def test_one_of_two_processes_tells(two: list[tuple[Metrics, Reporter]], database: Database, job: JobRow) -> None:
    await put(database, job)
    for _, reporter in two:
        await reporter.refresh()
    assert [sum(depth(metrics)) for metrics, _ in two] == [1, 0]
    assert depth(two[1][0]) == []


async def test_another_takes_over_when_one_ends(database: Database, settings: Settings, job: JobRow) -> None:
    await put(database, job)
    first, second = Metrics.open(), Metrics.open()
    async with Reporter.open(database, settings, first.shared) as one:
        await one.refresh()
    async with Reporter.open(database, settings, second.shared) as other:
        await other.refresh()
    assert sum(depth(second)) == 1


async def test_a_database_that_is_away_takes_its_figures_along_and_no_others(settings: Settings, account_id: UUID) -> None:
    del account_id
    metrics = Metrics.open()
    database = Database.open("postgresql://nobody@127.0.0.1:1/nothing")
    async with Reporter.open(database, settings, metrics.shared) as reporter:
        await reporter.refresh()
    assert depth(metrics) == []
    await database.close()
