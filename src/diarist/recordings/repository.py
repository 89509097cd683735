"""Reads recordings; every question names the account that asks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.ordering import FIRST, Place, ordered
from diarist.errors import NotFound
from diarist.recordings.models import RecordingRow


async def get_recording(session: AsyncSession, account_id: UUID, recording_id: UUID) -> RecordingRow:
    """One recording; raises `NotFound`."""
    row: RecordingRow | None = await session.scalar(_get_recording(), {"of_account_id": account_id, "of_id": recording_id})
    if row is None:
        raise NotFound(f"there is no recording {recording_id}")
    return row


@cache
def _get_recording() -> Any:
    # Built once: every task of a job asks, and to put a statement together takes as long as to run it.
    mine = RecordingRow.account_id == bindparam("of_account_id"), RecordingRow.id == bindparam("of_id")
    return select(RecordingRow).where(*mine)


async def find_by_hash(session: AsyncSession, account_id: UUID, sha256: str) -> RecordingRow | None:
    """The recording with these very bytes, if there is one."""
    return await session.scalar(select(RecordingRow).where(RecordingRow.account_id == account_id, RecordingRow.sha256 == sha256))


async def list_recordings(session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST) -> Sequence[RecordingRow]:
    """Some of the recordings, in the order of a place and behind it: of when they came, or of `RECORDED`."""
    statement = select(RecordingRow).where(RecordingRow.account_id == account_id).limit(limit)
    moment = SPOKEN_AT if place.by == RECORDED else None
    return (await session.scalars(ordered(statement, place, RecordingRow.id, moment))).all()


_AT_ONCE = 200
"""Rows."""
RECORDED = "recorded_at"
"""The order in which they were spoken, as far as is known."""
SPOKEN_AT = func.coalesce(RecordingRow.recorded_at, RecordingRow.created_at)
"""`RecordingRow.spoken_at` in SQL."""
BEST_DURATION = func.coalesce(RecordingRow.duration, RecordingRow.declared_duration)
"""`RecordingRow.best_duration` in SQL."""


async def list_spoken(
    session: AsyncSession, account_id: UUID, start: datetime, end: datetime, limit: int
) -> Sequence[RecordingRow]:
    """What was spoken from `start` on and before `end`, in order."""
    statement = (
        select(RecordingRow)
        .where(RecordingRow.account_id == account_id, start <= SPOKEN_AT, end > SPOKEN_AT)
        .order_by(SPOKEN_AT, RecordingRow.id)
        .limit(limit)
    )
    return (await session.scalars(statement)).all()


async def count_spoken(session: AsyncSession, account_id: UUID, start: datetime, end: datetime) -> int:
    """How many recordings were spoken from `start` on and before `end`."""
    statement = select(func.count()).where(RecordingRow.account_id == account_id, start <= SPOKEN_AT, end > SPOKEN_AT)
    return (await session.scalar(statement)) or 0


async def spoken_before(
    session: AsyncSession, account_id: UUID, end: datetime
) -> AsyncGenerator[tuple[UUID, datetime, float | None], None]:
    """What was spoken before `end`, newest first, read as far as it is asked for: id, moment, length in seconds if known."""
    mine = RecordingRow.account_id == account_id, end > SPOKEN_AT
    first = select(RecordingRow.id, SPOKEN_AT, BEST_DURATION).where(*mine).limit(_AT_ONCE)
    place: Place | None = Place(by=RECORDED)
    while place:
        rows = (await session.execute(ordered(first, place, RecordingRow.id, SPOKEN_AT))).all()
        for recording_id, moment, seconds in rows:
            yield recording_id, moment, seconds
        place = Place(by=RECORDED, after=rows[-1][0], value=rows[-1][1]) if len(rows) == _AT_ONCE else None


async def durations(session: AsyncSession, account_id: UUID, recording_ids: Collection[UUID]) -> dict[UUID, float | None]:
    """The length of each recording in seconds, if known."""
    mine = {"of_account_id": account_id, "of_ids": list(recording_ids)}
    return dict((await session.execute(_durations(), mine)).all())


@cache
def _durations() -> Any:
    mine = RecordingRow.account_id == bindparam("of_account_id"), RecordingRow.id.in_(bindparam("of_ids", expanding=True))
    return select(RecordingRow.id, BEST_DURATION).where(*mine)


async def find_recordings(session: AsyncSession, account_id: UUID, recording_ids: Collection[UUID]) -> dict[UUID, RecordingRow]:
    """Those of the recordings that are still there."""
    statement = select(RecordingRow).where(RecordingRow.account_id == account_id, RecordingRow.id.in_(recording_ids))
    return {row.id: row for row in await session.scalars(statement)}
