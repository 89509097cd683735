"""Rules of days: which recordings belong to one, and when a recording was made if its owner knows better."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.service import get_account
from diarist.diary import repository
from diarist.diary.days.page import Page, Part
from diarist.diary.due_dates import dated
from diarist.errors import InvalidInput
from diarist.jobs.repository import latest_jobs
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import count_spoken, list_spoken, spoken_before
from diarist.runtime import Runtime

MOST = 500
"""Recordings on a page."""
TITLES = 20
"""Titles of a day in a list."""
_EARLIEST = datetime(1877, 1, 1, tzinfo=UTC)
"""Nothing is older than the phonograph."""
_AHEAD = timedelta(1)
"""By which clocks may differ."""


@dataclass(slots=True)
class Summary:
    """A day in a list."""

    date: date
    recording_ids: list[UUID] = field(default_factory=list)
    """In the order in which they were spoken."""
    duration: float = 0.0
    """Seconds, as far as lengths are known."""
    entries: int = 0
    titles: list[str] = field(default_factory=list)
    """Of the first entries; `TITLES` at most."""


async def read_day(runtime: Runtime, account_id: UUID, day: date) -> Page:
    """The page of a day; of one on which nothing was recorded, it is empty."""
    async with runtime.database.read() as session:
        days = (await get_account(session, account_id)).days
        start, end = days.start_of(day), days.end_of(day)
        found = await list_spoken(session, account_id, start, end, MOST)
        ids = [row.id for row in found]
        jobs = await latest_jobs(session, account_id, ids)
        entries = await repository.latest_entries(session, account_id, ids)
        total = len(found) if len(found) < MOST else await count_spoken(session, account_id, start, end)
    parts: list[Part] = []
    for row in found:
        entry = entries.get(row.id)
        parts.append(
            Part(
                recording_id=row.id, filename=row.filename, spoken_at=row.spoken_at, duration=row.best_duration,
                speech_seconds=row.speech_seconds, job_id=jobs[row.id].id, job_state=jobs[row.id].state,
                row=entry, entry=repository.entry_from_row(entry) if entry else None,
            )
        )  # fmt: skip
    return Page(date=day, days=days, parts=tuple(parts), left_out=total - len(found))


async def list_days(runtime: Runtime, account_id: UUID, limit: int, before: date | None = None) -> list[Summary]:
    """The newest days on which something was recorded, newest first; `before` goes on where a page ended."""
    async with runtime.database.read() as session:
        days = (await get_account(session, account_id)).days
        end = days.start_of(before) if before else datetime.max.replace(tzinfo=UTC)
        found: list[Summary] = []
        async with aclosing(spoken_before(session, account_id, end)) as spoken:
            async for recording_id, moment, seconds in spoken:
                if not found or moment < days.start_of(found[-1].date):
                    if len(found) == limit:
                        break
                    found.append(Summary(days.day_of(moment)))
                found[-1].recording_ids.insert(0, recording_id)
                found[-1].duration += seconds or 0.0
        oldest = days.start_of(found[-1].date) if found else end
        titles = await repository.titles_between(session, account_id, oldest, end)
    for day in found:
        told = [titles[one] for one in day.recording_ids if one in titles]
        day.entries, day.titles = len(told), told[:TITLES]
    return found


async def date_recording(runtime: Runtime, session: AsyncSession, recording: RecordingRow, moment: datetime | None) -> None:
    """Say when a recording was made, None for when it came; due dates of its entry are counted anew, as a new version.

    Raises `InvalidInput` for a moment that cannot be.
    """
    if moment is not None and not _EARLIEST <= moment <= datetime.now(UTC) + _AHEAD:
        raise InvalidInput(
            f"nothing can have been recorded at {moment:%Y-%m-%d %H:%M}", advice="Give a moment that is past, and not long past."
        )
    account_id, recording_id = recording.account_id, recording.id
    recording.recorded_at = moment.astimezone(UTC) if moment else None
    day = (await get_account(session, account_id)).days.day_of(recording.spoken_at)
    newest = await repository.latest_entry(session, account_id, recording_id)
    if newest is not None:
        entry = repository.entry_from_row(newest)
        if (counted := dated(entry, day)) != entry:
            new = await repository.add_entry(session, account_id, recording_id, newest.transcript_id, newest.job_id, counted)
            runtime.event_log.append(session, repository.created(new))
