"""Refuses what an account has no room for: in the transaction that would take it in, so that no two slip in together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.service import quotas_of
from diarist.database.base import utc_now
from diarist.domain.job import UNFINISHED
from diarist.errors import LimitReached, NotAllowed
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import BEST_DURATION
from diarist.settings import Settings


class QuotaReached(NotAllowed):
    """The account has no room for this."""

    code = "quota_reached"
    advice = "Nothing was stored. Delete what is not needed, wait for the next month, or ask for a larger quota."


class TooManyJobs(LimitReached):
    """Too many recordings of the account are being worked on."""

    code = "too_many_jobs"
    retry_after = 30.0
    advice = "Nothing was stored. Give the recording again when some of the jobs have ended."


async def admit(session: AsyncSession, settings: Settings, new: RecordingRow) -> None:
    """Let a recording in that is about to be written, by this transaction; raises `QuotaReached` and `TooManyJobs`.

    Where the length is not known yet, as behind an object store, it counts from when it is.
    """
    quotas = await quotas_of(session, new.account_id, settings)
    if quotas.jobs is not None and await _unfinished(session, new.account_id) >= quotas.jobs:
        raise TooManyJobs(f"{quotas.jobs} recordings are being worked on, and no more may be")
    if quotas.stored_bytes is not None:
        stored = await _stored(session, new.account_id)
        if stored + new.size_bytes > quotas.stored_bytes:
            raise QuotaReached(f"{stored:,.0f} of {quotas.stored_bytes:,} bytes are used, and this has {new.size_bytes:,}")
    if quotas.audio_hours is not None:
        heard = await _heard(session, new.account_id)
        if heard + (new.best_duration or 0.0) > quotas.audio_hours * 3600:
            raise QuotaReached(
                f"{heard / 3600:.1f} of {quotas.audio_hours:g} hours of this month are used; this would be too much"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What an account has of what quotas bound."""

    audio_seconds: float
    """Of the recordings that were given in this calendar month of UTC and are still there."""
    stored_bytes: int
    jobs: int
    """That have not ended."""


async def used_by(session: AsyncSession, account_id: UUID) -> Used:
    """As `admit` counts it."""
    return Used(
        audio_seconds=await _heard(session, account_id),
        stored_bytes=int(await _stored(session, account_id)),
        jobs=await _unfinished(session, account_id),
    )


async def _heard(session: AsyncSession, account_id: UUID) -> float:
    return await _sum(session, account_id, BEST_DURATION, since=_month(utc_now()))


async def _stored(session: AsyncSession, account_id: UUID) -> float:
    return await _sum(session, account_id, RecordingRow.size_bytes)


async def _unfinished(session: AsyncSession, account_id: UUID) -> int:
    statement = select(func.count()).where(JobRow.account_id == account_id, JobRow.state.in_(UNFINISHED))
    return await session.scalar(statement) or 0


async def _sum(session: AsyncSession, account_id: UUID, what: object, since: datetime | None = None) -> float:
    statement = select(func.sum(what)).where(RecordingRow.account_id == account_id)
    if since is not None:
        statement = statement.where(RecordingRow.created_at >= since)
    return float(await session.scalar(statement) or 0)


def _month(now: datetime) -> datetime:
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
