"""What goes wrong with tasks is counted, by where it comes from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial

import pytest

import played_stages
from diarist.child.wire import decode_header
from diarist.database.session import Database
from diarist.errors import ChildDied, UnsupportedAudio
from diarist.errors.origin import Frame, Origin
from diarist.failures.failure import FailureKind
from diarist.failures.models import FailureRow
from diarist.failures.repository import list_failures
from diarist.jobs.work import TaskContext
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings, Settings
from played_stages import Bench

CANARY = b"what anna said"


@pytest.fixture
async def stage(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    async with played_stages.on_stage(settings, QueueSettings(renew=0.05, lease=5.0, max_attempts=2), recording) as (
        runtime,
        job,
    ):
        yield Bench(runtime, job)


async def seen(stage: Bench, **of: object) -> Sequence[FailureRow]:
    await stage.runtime.failures.settled()
    async with stage.runtime.database.read() as session:
        return await list_failures(session, stage.account_id if of else None, 10)


async def raising(error: Exception, _context: TaskContext) -> None:
    raise error


async def test_a_crash_is_told_by_where_it_happened_and_not_by_what_it_says(stage: Bench) -> None:
    async def crashing(_context: TaskContext) -> None:
        decode_header(CANARY + b"\n")

    played_stages.PLAY["look"] = crashing
    await stage.work_off()
    (row,) = await seen(stage)
    assert (row.code, row.kind, row.place, row.count) == ("internal", FailureKind.TASK, "look", 2)
    assert row.type == "JSONDecodeError"
    assert row.frames[-1]["function"] == "decode_header"
    assert row.job_id == stage.job_id
    assert row.task_id is not None
    assert (await seen(stage, account=True))[0].fingerprint == row.fingerprint
    assert CANARY.decode() not in repr(vars(row))


async def test_a_child_that_dies_is_told_as_one_each_time(stage: Bench) -> None:
    died = ChildDied()
    died.origin = Origin("MemoryError", (Frame("diarist.engine.child", "hear", 3),))
    played_stages.PLAY["look"] = partial(raising, died)
    await stage.work_off()
    (row,) = await seen(stage)
    assert (row.code, row.kind, row.type, row.count) == ("child_died", FailureKind.CHILD, "MemoryError", 2)


async def test_a_recording_that_cannot_be_used_is_counted_where_its_job_ends(stage: Bench) -> None:
    played_stages.PLAY["look"] = partial(raising, UnsupportedAudio())
    await stage.work_off()
    (row,) = await seen(stage)
    assert (row.code, row.count) == ("unsupported_audio", 1)


async def test_what_goes_well_is_not_counted(stage: Bench) -> None:
    await stage.work_off()
    assert await seen(stage) == []
