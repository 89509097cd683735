import asyncio
from uuid import UUID

import pytest

from diarist.accounts.service import account_id, add_account, set_quotas
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.domain.job import JobPriority, JobState
from diarist.domain.quotas import Quotas
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.quotas import QuotaReached, TooManyJobs, admit
from diarist.settings import Settings
from diarist.settings.access import LimitSettings


def a_recording(owner: UUID, *, hours: float | None = 1.0, size: int = 100) -> RecordingRow:
    seconds = None if hours is None else hours * 3600
    return RecordingRow(
        id=new_id(), account_id=owner, sha256=new_id().hex, size_bytes=size, filename="memo.wav", blob_key="x",
        declared_duration=seconds, created_at=utc_now(),
    )  # fmt: skip


async def take(database: Database, settings: Settings, account: str = "local", **values: float | None) -> None:
    """What taking a recording in does in its transaction."""
    async with database.write() as session:
        new = a_recording(await account_id(session, account), **values)  # type: ignore[arg-type]
        await admit(session, settings, new)
        session.add(new)


async def bound(database: Database, **quotas: float) -> None:
    async with database.write() as session:
        await set_quotas(session, "local", Quotas(**quotas))  # type: ignore[arg-type]


async def test_without_a_quota_everything_is_taken(database: Database, settings: Settings) -> None:
    for _ in range(3):
        await take(database, settings, hours=1000, size=10**15)


async def test_bytes_are_bounded(database: Database, settings: Settings) -> None:
    await bound(database, stored_bytes=250)
    await take(database, settings, size=100)
    await take(database, settings, size=150)
    with pytest.raises(QuotaReached, match="250 of 250"):
        await take(database, settings, size=1)


async def test_hours_are_bounded_by_the_month_and_what_is_not_known_yet_is_let_in(database: Database, settings: Settings) -> None:
    await bound(database, audio_hours=2.5)
    await take(database, settings, hours=1)
    await take(database, settings, hours=None)
    await take(database, settings, hours=1.5)
    with pytest.raises(QuotaReached, match=r"2\.5 of 2\.5 hours"):
        await take(database, settings, hours=0.1)
    async with database.write() as session:
        for row in await session.run_sync(lambda sync: sync.query(RecordingRow).all()):
            row.created_at = row.created_at.replace(year=2020)
    await take(database, settings, hours=2)


async def test_jobs_are_bounded_while_they_have_not_ended(database: Database, settings: Settings) -> None:
    await bound(database, jobs=1)
    async with database.write() as session:
        recording = a_recording(await account_id(session))
        job = JobRow(
            id=new_id(), account_id=recording.account_id, recording_id=recording.id, state=JobState.RUNNING,
            priority=JobPriority.NORMAL,
        )  # fmt: skip
        session.add(recording)
        await session.flush()
        session.add(job)
    with pytest.raises(TooManyJobs) as refused:
        await take(database, settings)
    assert refused.value.retry_after
    async with database.write() as session:
        (await session.get_one(JobRow, job.id)).state = JobState.FAILED
    await take(database, settings)


async def test_the_settings_bound_whoever_has_no_quota_and_each_account_by_itself(database: Database, settings: Settings) -> None:
    strict = settings.model_copy(update={"limits": LimitSettings(stored_bytes=150)})
    async with database.write() as session:
        await add_account(session, "zoe")
    await take(database, strict)
    await take(database, strict, "zoe")
    with pytest.raises(QuotaReached):
        await take(database, strict, "zoe")
    await bound(database, stored_bytes=1000)
    await take(database, strict)


async def test_two_at_once_do_not_both_slip_in(database: Database, settings: Settings) -> None:
    await bound(database, stored_bytes=150)
    outcomes = await asyncio.gather(*(take(database, settings) for _ in range(4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(QuotaReached) == 3
