from collections.abc import AsyncIterator
from decimal import Decimal
from io import StringIO
from uuid import UUID

import pytest
from rich.console import Console

import played_stages
from diarist.cli.waterfall import _sum, _table
from diarist.database.session import Database
from diarist.domain.job import JobState, TaskState
from diarist.errors import EngineFailed, NotFound
from diarist.jobs.waterfall import Waterfall, waterfall
from diarist.jobs.work import TaskContext
from diarist.recordings.models import RecordingRow
from diarist.settings import QueueSettings, Settings
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import part
from played_stages import Bench, on_stage

PLACE = Traceparent.new()


@pytest.fixture
async def stage(settings: Settings, database: Database, recording: RecordingRow) -> AsyncIterator[Bench]:
    with part("diarist add", parent=PLACE):
        async with on_stage(settings, QueueSettings(max_attempts=3), recording) as (runtime, job):
            yield Bench(runtime, job)


async def test_every_task_is_there_with_its_tries_in_the_order_of_the_stages(stage: Bench) -> None:
    failures = [EngineFailed("away"), EngineFailed("away")]

    async def part_(context: TaskContext) -> None:
        if context.task.payload["index"] == 1 and failures:
            raise failures.pop()

    played_stages.PLAY["part"] = part_
    await stage.work_off()
    told = await waterfall(stage.runtime, stage.account_id, stage.job_id)

    assert told.state is JobState.SUCCEEDED
    assert told.trace_id == PLACE.trace_id
    assert [bar.stage for bar in told.bars] == ["look", "cut", "part", "part", "part", "join", "close"]
    assert [bar.attempts for bar in told.bars] == [1, 1, 1, 3, 1, 1, 1]
    again = told.bars[3]
    assert again.earlier > 0
    assert told.bars[0].earlier == 0
    assert all(bar.ready is not None and bar.worked > 0 for bar in told.bars)
    assert {one.stage: one.attempts for one in told.stages} == {"look": 1, "cut": 1, "part": 5, "join": 1, "close": 1}
    assert told.cost_usd == Decimal(0)


async def test_what_has_not_begun_only_waits(stage: Bench) -> None:
    told = await waterfall(stage.runtime, stage.account_id, stage.job_id)
    (bar,) = told.bars
    assert (bar.state, bar.worked, bar.attempts) == (TaskState.QUEUED, 0.0, 0)
    assert bar.waited == pytest.approx(told.seconds)


async def test_a_stranger_sees_none(stage: Bench) -> None:
    with pytest.raises(NotFound):
        await waterfall(stage.runtime, UUID(int=7), stage.job_id)


async def test_it_is_drawn_on_one_line_of_time(stage: Bench) -> None:
    await stage.work_off()
    told = await waterfall(stage.runtime, stage.account_id, stage.job_id)
    for ascii_only, working in ((True, "#"), (False, "█")):
        lines = drawn(told, ascii_only=ascii_only)
        assert [line.split()[0] for line in lines[1:8]] == ["look", "cut", "part", "part", "part", "join", "close"]
        assert "part 3" in lines[5]
        assert all(working in line for line in lines[1:8])
        assert lines[1].index(working) < lines[7].index(working)
        assert PLACE.trace_id in "".join(lines)


def drawn(told: Waterfall, *, ascii_only: bool) -> list[str]:
    console = Console(file=StringIO(), width=200)
    console.print(_table(told, 60, ascii_only=ascii_only))
    console.print(_sum(told, ascii_only=ascii_only))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().splitlines()
