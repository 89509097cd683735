"""What rows of tasks, receipts, recordings and traffic come to, on each database."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from diarist.accounts.models import AccountRow
from diarist.accounts.traffic import Traffic, add_traffic
from diarist.costs.cells import Part, grouped
from diarist.costs.scope import Scope
from diarist.costs.service import Costs, costs_of_month, costs_of_recording, month_named, read_cells
from diarist.costs.things import audio_seconds
from diarist.costs.what_if import what_if
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.domain.job import TaskState
from diarist.errors import InvalidInput, NotFound
from diarist.jobs.models import JobRow
from diarist.llm.models import ReceiptRow
from diarist.queue.models import TaskRow
from diarist.queue.past_work import PastWorkRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.service import delete_recording
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.settings.costs import CostSettings
from diarist.transcription.models import ChunkRow
from diarist.wiring import open_runtime

PRICES = CostSettings(
    core_hour=Decimal("3.6"), gpu_hour=Decimal(36), gb_month=Decimal(730), gb_in=Decimal(10**5), gb_out=Decimal(2 * 10**5)
)
"""0.001 for a second of a core, 0.01 of a card, 24 for a gigabyte and day, 100,000 and 200,000 for one that moves."""
OCTOBER = date(2026, 10, 1)


@pytest.fixture
async def runtime(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    async with open_runtime(settings.model_copy(update={"costs": PRICES}), None) as opened:
        yield opened


@pytest.fixture
async def job(database: Database, recording: RecordingRow) -> JobRow:
    async with database.write() as session:
        row = JobRow(id=new_id(), account_id=recording.account_id, recording_id=recording.id)
        session.add(row)
        await session.execute(update(RecordingRow).values(created_at=at(5), size_bytes=10**9, duration=1800.0))
    return row


def at(day: int, hour: int = 12) -> datetime:
    """In October."""
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def task(job: JobRow, stage: str, day: int | None, cpu: float, gpu: float = 0.0) -> TaskRow:
    ended = at(day).timestamp() if day else None
    return TaskRow(
        account_id=job.account_id, job_id=job.id, stage=stage, queue="audio", key=str(new_id()), payload={},
        state=TaskState.SUCCEEDED if day else TaskState.RUNNING, finished_at=ended, cpu_seconds=cpu, gpu_seconds=gpu,
    )  # fmt: skip


def receipt(job: JobRow | None, owner: UUID, day: int, **hops: tuple[int, int, str]) -> ReceiptRow:
    """`hops`: tokens in and out and USD, by model; the last one has answered."""
    calls = [
        {"provider": "p", "model": name, "input_tokens": read, "output_tokens": written, "cost_usd": usd}
        for name, (read, written, usd) in hops.items()
    ]
    return ReceiptRow(
        account_id=owner, created_at=at(day), purpose="diary.claims", prompt_version="1", state="answered", provider="p",
        model=list(hops)[-1], text_sha256="", masked={}, job_id=job.id if job else None, hops=calls,
        input_tokens=sum(one[0] for one in hops.values()), output_tokens=sum(one[1] for one in hops.values()),
        cost=sum(int(Decimal(one[2]) * 10**9) for one in hops.values()),
    )  # fmt: skip


async def write(database: Database, *rows: Any) -> None:
    async with database.write() as session:
        session.add_all(rows)


async def october(runtime: Runtime, account_id: UUID | None) -> Costs:
    return (await costs_of_month(runtime, account_id, OCTOBER)).costs


async def test_processors_count_on_the_day_on_which_tasks_ended(runtime: Runtime, job: JobRow) -> None:
    past = PastWorkRow(
        account_id=job.account_id, job_id=job.id, stage="plan", finished_at=at(9).timestamp(), cpu_seconds=5.0, gpu_seconds=0.0
    )
    edge = task(job, "plan", 1, 1000.0)
    edge.finished_at = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    await write(
        runtime.database,
        task(job, "plan", 8, 10.0),
        task(job, "plan", 8, 20.0),
        task(job, "transcribe", 9, 100.0, 7.0),
        past,
        edge,
    )
    found = [cell for cell in (await october(runtime, job.account_id)).cells if cell.part is Part.COMPUTE]
    told = {(cell.day.day, cell.of): (cell.amounts.cpu_seconds, cell.amounts.gpu_seconds, cell.cost) for cell in found}
    assert told == {
        (8, "plan"): (30.0, 0.0, Decimal("0.03")),
        (9, "transcribe"): (100.0, 7.0, Decimal("0.17")),
        (9, "plan"): (5.0, 0.0, Decimal("0.005")),
    }


async def test_what_is_not_over_counts_today(runtime: Runtime, job: JobRow) -> None:
    await write(runtime.database, task(job, "transcribe", None, 60.0))
    today = utc_now().date()
    async with runtime.database.read() as session:
        cells = await read_cells(session, Scope(first=today, last=today, account_id=job.account_id), PRICES, today)
    assert [(cell.day, cell.of, cell.cost) for cell in cells if cell.part is Part.COMPUTE] == [
        (today, "transcribe", Decimal("0.06"))
    ]


async def test_each_model_that_was_asked_is_paid_for_itself(runtime: Runtime, job: JobRow) -> None:
    owner = job.account_id
    await write(
        runtime.database, receipt(job, owner, 3, a=(100, 10, "0.5")), receipt(job, owner, 3, a=(100, 10, "0.5")),
        receipt(None, owner, 4, a=(7, 1, "0.25"), b=(8, 2, "1")),
    )  # fmt: skip
    found = grouped((await october(runtime, owner)).cells, lambda cell: cell.model)
    assert {name: (one.cost, one.amounts.input_tokens) for name, one in found.items() if name} == {
        "p/a": (Decimal("1.25"), 207), "p/b": (Decimal(1), 8)
    }  # fmt: skip


async def test_storage_is_what_lies_there_at_the_end_of_each_day(runtime: Runtime, job: JobRow) -> None:
    async with runtime.database.write() as session:
        session.add(
            ChunkRow(
                account_id=job.account_id,
                recording_id=job.recording_id,
                plan_version=1,
                index=0,
                start=0.0,
                end=1.0,
                speech=[],
                blob_key="x",
                size_bytes=10**9,
                created_at=at(6),
            )
        )
        await session.execute(update(RecordingRow).values(archived_at=at(8), original_size_bytes=3 * 10**9))
    found = [cell for cell in (await october(runtime, job.account_id)).cells if cell.part is Part.STORAGE]
    assert [(cell.day.day, int(cell.cost / 24)) for cell in found] == [
        (5, 3),
        (6, 4),
        (7, 4),
        *((day, 2) for day in range(8, 32)),
    ]
    assert sum(cell.amounts.gb_months for cell in found) == pytest.approx((3 + 4 + 4 + 24 * 2) * 24 / 730)


async def test_a_recording_that_is_deleted_has_cost_what_it_has_cost(runtime: Runtime, job: JobRow, account_id: UUID) -> None:
    await write(runtime.database, task(job, "transcribe", 7, 60.0))
    before = await october(runtime, account_id)
    await delete_recording(runtime, account_id, job.recording_id)
    after = await october(runtime, account_id)
    assert grouped(before.cells, lambda cell: (cell.day, cell.part)) == grouped(after.cells, lambda cell: (cell.day, cell.part))
    assert before.audio_seconds == after.audio_seconds == 1800.0
    today = utc_now().date()
    async with runtime.database.read() as session:
        cells = await read_cells(session, Scope(first=today, last=today, account_id=account_id), PRICES, today)
    assert cells == []


async def test_traffic_adds_up_over_processes_and_days(runtime: Runtime, account_id: UUID) -> None:
    for _ in range(2):
        async with runtime.database.write() as session:
            await add_traffic(session, {(account_id, date(2026, 10, 2)): [3, 4], (account_id, date(2026, 10, 3)): [1, 0]})
    found = [cell for cell in (await october(runtime, account_id)).cells if cell.part is Part.NETWORK]
    assert {cell.day.day: (cell.amounts.bytes_in, cell.amounts.bytes_out, cell.cost) for cell in found} == {
        2: (6, 8, Decimal("0.0022")), 3: (2, 0, Decimal("0.0002"))
    }  # fmt: skip


async def test_what_was_counted_is_written_when_it_ends(runtime: Runtime, account_id: UUID) -> None:
    async with Traffic.open(runtime.database) as traffic:
        for _ in range(3):
            traffic.moved(account_id, bytes_in=5, bytes_out=7)
    month = (await costs_of_month(runtime, account_id, utc_now().date())).costs
    assert (month.sum.amounts.bytes_in, month.sum.amounts.bytes_out) == (15, 21)


async def test_a_recording_alone_has_its_own_tasks_questions_and_bytes(runtime: Runtime, job: JobRow) -> None:
    other = JobRow(id=new_id(), account_id=job.account_id, recording_id=new_id())
    await write(runtime.database, task(job, "plan", 8, 10.0), receipt(job, job.account_id, 8, a=(1, 1, "2")))
    await write(runtime.database, receipt(None, job.account_id, 8, a=(1, 1, "4")))
    found = await costs_of_recording(runtime, job.account_id, job.recording_id)
    assert found.sum.parts[Part.COMPUTE] == Decimal("0.01")
    assert found.sum.parts[Part.LLM] == Decimal(2)
    assert found.sum.parts[Part.NETWORK] == Decimal(10**5)
    assert found.sum.amounts.byte_days == 10**9 * ((utc_now().date() - date(2026, 10, 5)).days + 1)
    assert found.per_audio_hour == found.sum.cost * 2
    with pytest.raises(NotFound):
        await costs_of_recording(runtime, job.account_id, other.recording_id)
    with pytest.raises(NotFound):
        await costs_of_recording(runtime, new_id(), job.recording_id)


async def test_accounts_see_their_own_and_all_together_are_the_whole(runtime: Runtime, job: JobRow) -> None:
    stranger = AccountRow(id=new_id(), name="stranger")
    await write(runtime.database, stranger)
    await write(runtime.database, task(job, "plan", 8, 10.0), receipt(None, stranger.id, 3, a=(1, 1, "2")))
    own, others, all_of_them = [await october(runtime, who) for who in (job.account_id, stranger.id, None)]
    assert others.sum.cost == Decimal(2)
    assert own.sum.cost + others.sum.cost == all_of_them.sum.cost
    assert grouped(all_of_them.cells, lambda cell: cell.account_id)[job.account_id].cost == own.sum.cost


async def test_days_add_up_to_their_month_however_it_is_cut(runtime: Runtime, job: JobRow) -> None:
    await write(
        runtime.database,
        task(job, "plan", 8, 1 / 3),
        task(job, "plan", 31, 2 / 3),
        receipt(job, job.account_id, 1, a=(1, 1, "0.1")),
    )
    whole = await october(runtime, job.account_id)
    total, seconds = Decimal(0), 0.0
    async with runtime.database.read() as session:
        for number in range(31):
            day = OCTOBER + timedelta(number)
            scope = Scope(first=day, last=day, account_id=job.account_id)
            total += sum((cell.cost for cell in await read_cells(session, scope, PRICES, utc_now().date())), Decimal(0))
            seconds += await audio_seconds(session, scope)
    assert (total, seconds) == (whole.sum.cost, whole.audio_seconds)


async def test_another_model_has_its_own_price(runtime: Runtime, job: JobRow) -> None:
    owner = job.account_id
    await write(
        runtime.database, receipt(job, owner, 3, a=(1_000_000, 100_000, "3")), receipt(job, owner, 3, b=(1_000_000, 0, "9"))
    )
    some = await what_if(runtime, owner, OCTOBER, "openai/gpt-4o-mini", "p/a")
    every = await what_if(runtime, owner, OCTOBER, "openai/gpt-4o-mini")
    assert (some.paid, every.paid) == (Decimal(3), Decimal(12))
    assert (some.would_have, every.would_have) == (Decimal("0.21"), Decimal("0.36"))
    for model, instead_of in (("openai/none", None), ("gpt-4o", None), ("openai/gpt-4o-mini", "p/c")):
        with pytest.raises(InvalidInput):
            await what_if(runtime, owner, OCTOBER, model, instead_of)


async def test_the_present_month_has_a_forecast_and_a_standing(runtime: Runtime, job: JobRow) -> None:
    today = utc_now()
    rows = [task(job, "plan", 1, 100.0 if number else 2000.0) for number in range(29)]
    for number, row in enumerate(rows):
        row.finished_at = (today - timedelta(number)).timestamp()
    await write(runtime.database, *rows)
    month = await costs_of_month(runtime, job.account_id, today.date())
    assert month.forecast is not None
    assert month.forecast.expected >= float(month.costs.sum.cost) * 0.999
    assert month.today is not None
    assert month.today.median == pytest.approx(0.1)
    assert month.today.unusual
    earlier = await costs_of_month(runtime, job.account_id, OCTOBER)
    assert (earlier.forecast, earlier.today) == (None, None)


@pytest.mark.parametrize("text", ["2026-13", "November", "9999-01", "1999-12"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        month_named(text)
