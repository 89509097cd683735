"""Which recordings stand on which day, in which order, and what happens when one turns out to be of another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from diarist.accounts.service import add_account, set_days
from diarist.database.session import Database
from diarist.diary.days import service
from diarist.diary.days.service import list_days, read_day
from diarist.diary.due_dates import dated
from diarist.diary.recording_service import change_recording
from diarist.diary.repository import entry_from_row, latest_entry
from diarist.domain.events import EventKind
from diarist.domain.job import JobState
from diarist.errors import InvalidInput, NotFound
from diarist.events.models import EventRow
from diarist.recordings import repository as recordings
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.wiring import open_runtime
from made_days import put_memo, told

EVENING = datetime(2026, 11, 3, 18, 20, tzinfo=UTC)
NIGHT = datetime(2026, 11, 4, 0, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 4, 3, 0, tzinfo=UTC)
"""In Berlin 19:20, 1:30 and 4:00."""
TUESDAY, WEDNESDAY = date(2026, 11, 3), date(2026, 11, 4)


@pytest.fixture
async def runtime(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    """Of an account in Berlin."""
    async with database.write() as session:
        await set_days(session, "local", time_zone="Europe/Berlin", begins=None)
    async with open_runtime(settings, None) as opened:
        yield opened


async def test_a_day_holds_what_was_said_until_its_owner_went_to_bed(runtime: Runtime, account_id: UUID) -> None:
    morning = await put_memo(runtime, MORNING, told("I made coffee."))
    night = await put_memo(runtime, NIGHT, None, duration=None, speech_seconds=None)
    evening = await put_memo(runtime, EVENING, told("I have to call Anna tomorrow."))

    tuesday = await read_day(runtime, account_id, TUESDAY)
    assert [(part.recording_id, tuesday.clock(part)) for part in tuesday.parts] == [(evening, "19:20"), (night, "01:30")]
    assert [(part.entry is None, part.job_state) for part in tuesday.parts] == [
        (False, JobState.SUCCEEDED), (True, JobState.FAILED)
    ]  # fmt: skip
    assert (tuesday.title, tuesday.duration, tuesday.speech_seconds) == ("Tuesday, 3 November 2026", 60.0, 40.0)
    assert [part.recording_id for part in (await read_day(runtime, account_id, WEDNESDAY)).parts] == [morning]
    assert (await read_day(runtime, account_id, WEDNESDAY + timedelta(1))).parts == ()

    async with runtime.database.write() as session:
        await set_days(session, "local", time_zone="UTC", begins=time(0))
    assert [part.recording_id for part in (await read_day(runtime, account_id, TUESDAY)).parts] == [evening]


async def test_days_are_listed_newest_first_and_go_on_where_a_page_ended(
    runtime: Runtime, account_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment, entry in ((EVENING, told("I met Anna.")), (NIGHT, None), (MORNING, told("I made coffee.")), (EVENING, None)):
        await put_memo(runtime, moment, entry, filename=f"{entry is None}.m4a")
    old = EVENING - timedelta(days=400)
    await put_memo(runtime, old, told("I slept."))

    found = await list_days(runtime, account_id, 10)
    assert [(day.date, len(day.recording_ids), day.entries, day.duration) for day in found] == [
        (WEDNESDAY, 1, 1, 60.0), (TUESDAY, 3, 1, 180.0), (old.date(), 1, 1, 60.0)
    ]  # fmt: skip
    assert [day.titles for day in found] == [["I made coffee"], ["I met Anna"], ["I slept"]]
    with monkeypatch.context() as few:
        few.setattr(recordings, "_AT_ONCE", 2)  # what does not fit into one question
        assert await list_days(runtime, account_id, 10) == found
    assert [day.date for day in await list_days(runtime, account_id, 1)] == [WEDNESDAY]
    assert [day.date for day in await list_days(runtime, account_id, 1, before=WEDNESDAY)] == [TUESDAY]
    assert [day.date for day in await list_days(runtime, account_id, 10, before=old.date())] == []


async def test_nobody_sees_the_days_of_another(runtime: Runtime) -> None:
    await put_memo(runtime, EVENING, told("I met Anna."))
    async with runtime.database.write() as session:
        other = (await add_account(session, "zoe")).id

    assert (await read_day(runtime, other, TUESDAY)).parts == ()
    assert await list_days(runtime, other, 10) == []


async def test_what_a_page_has_no_room_for_is_counted(
    runtime: Runtime, account_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST", 2)
    for minute in range(5):
        await put_memo(runtime, EVENING + timedelta(minutes=minute), None)

    page = await read_day(runtime, account_id, TUESDAY)
    assert (len(page.parts), page.left_out) == (2, 3)


async def test_a_recording_that_was_made_earlier_goes_to_its_day_with_its_due_dates(runtime: Runtime, account_id: UUID) -> None:
    entry = dated(told("I have to call Anna tomorrow."), WEDNESDAY)
    recording_id = await put_memo(runtime, MORNING, entry)

    await change_recording(runtime, account_id, recording_id, {"recorded_at": EVENING})

    [item] = (await read_day(runtime, account_id, TUESDAY)).action_items
    assert item[1].due_date == WEDNESDAY
    async with runtime.database.read() as session:
        newest = await latest_entry(session, account_id, recording_id)
    assert newest is not None
    assert (newest.version, entry_from_row(newest).sentences) == (2, entry.sentences)
    # Said again, nothing changes, and nothing is stored anew.
    await change_recording(runtime, account_id, recording_id, {"recorded_at": EVENING})
    async with runtime.database.read() as session:
        assert (await latest_entry(session, account_id, recording_id)) is not None
        again = await latest_entry(session, account_id, recording_id)
    assert again is not None
    assert again.version == 2
    async with runtime.database.read() as session:
        told_of = await session.scalars(select(EventRow).where(EventRow.kind == EventKind.ENTRY_CREATED))
        assert [event.data["version"] for event in told_of] == [2]


async def test_without_a_moment_of_its_own_a_recording_was_spoken_when_it_came(runtime: Runtime, account_id: UUID) -> None:
    recording_id = await put_memo(runtime, EVENING, None, created_at=MORNING)

    await change_recording(runtime, account_id, recording_id, {"recorded_at": None})

    assert [part.recording_id for part in (await read_day(runtime, account_id, WEDNESDAY)).parts] == [recording_id]


async def test_what_cannot_be_a_moment_of_a_recording_is_refused(runtime: Runtime, account_id: UUID) -> None:
    recording_id = await put_memo(runtime, EVENING, None)

    for moment in (datetime(1850, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=3)):
        with pytest.raises(InvalidInput, match="recorded"):
            await change_recording(runtime, account_id, recording_id, {"recorded_at": moment})
    with pytest.raises(NotFound):
        await change_recording(runtime, account_id, UUID(int=5), {"recorded_at": EVENING})
