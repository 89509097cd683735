"""Today's cost is told beside what a day usually costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from diarist.costs.cells import Part
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.domain.job import TaskState
from diarist.jobs.models import JobRow
from diarist.monitoring.daily_costs import DailyCosts
from diarist.monitoring.reporter import Reporter
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.settings import Settings
from diarist.settings.costs import CostSettings
from diarist.telemetry.metrics import Metrics
from diarist.telemetry.metrics.exposition import scrape

PRICES = CostSettings(core_hour=Decimal("3.6"))


async def work(database: Database, recording: RecordingRow, *ended: tuple[datetime, float]) -> None:
    """Seconds of a core, of tasks that ended then."""
    async with database.write() as session:
        job = JobRow(id=new_id(), account_id=recording.account_id, recording_id=recording.id)
        session.add(job)
        await session.flush()
        for moment, seconds in ended:
            session.add(
                TaskRow(
                    account_id=job.account_id, job_id=job.id, stage="transcribe", queue="transcription", key=str(new_id()),
                    payload={}, state=TaskState.SUCCEEDED, finished_at=moment.timestamp(), cpu_seconds=seconds,
                )
            )  # fmt: skip


async def test_a_dear_day_is_told_of(database: Database, recording: RecordingRow) -> None:
    now, costs = utc_now(), DailyCosts(PRICES, at_once=600.0)
    await work(database, recording, *((now - timedelta(number), 1000.0 + number) for number in range(1, 20)), (now, 9000.0))
    async with database.read() as session:
        today = await costs.look(session, now.date())
    assert today.parts == {Part.COMPUTE: Decimal(9), Part.LLM: 0, Part.NETWORK: 0}
    assert today.standing is not None
    assert today.standing.median == pytest.approx(1.01)
    assert today.standing.unusual


async def test_days_that_are_over_are_asked_for_once_and_today_each_time(database: Database, recording: RecordingRow) -> None:
    now, costs = utc_now(), DailyCosts(PRICES, at_once=600.0)
    await work(database, recording, *((now - timedelta(number), 1000.0) for number in range(1, 10)))
    async with database.read() as session:
        first = await costs.look(session, now.date())
    await work(database, recording, (now - timedelta(3), 5000.0), (now, 2000.0))
    async with database.read() as session:
        second = await costs.look(session, now.date())
    assert first.standing is not None
    assert second.standing is not None
    assert first.standing.median == second.standing.median
    assert (first.standing.cost, second.standing.cost) == (0.0, 2.0)


async def test_a_young_installation_knows_no_usual_day(database: Database, recording: RecordingRow) -> None:
    now = utc_now()
    await work(database, recording, *((now - timedelta(number), 1000.0) for number in range(5)))
    async with database.read() as session:
        today = await DailyCosts(PRICES, at_once=600.0).look(session, now.date())
    assert today.standing is None


async def test_a_scrape_has_it(database: Database, recording: RecordingRow, settings: Settings) -> None:
    now, metrics = utc_now(), Metrics.open()
    await work(database, recording, *((now - timedelta(number), 1000.0) for number in range(10)))
    priced = settings.model_copy(update={"costs": PRICES})
    async with Reporter.open(database, priced, metrics.shared) as reporter:
        await reporter.refresh()
        told = scrape(metrics.catalogue, "")[0].decode()
    assert 'diarist_today_cost{currency="USD",part="compute"} 1.0' in told
