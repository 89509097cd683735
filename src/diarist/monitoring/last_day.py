"""What the last 24 hours brought, for the whole installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import distinct, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import first_id
from diarist.diary.models import EntryRow
from diarist.llm.models import ReceiptRow
from diarist.llm.money import to_usd
from diarist.recordings.models import RecordingRow

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay:
    """Sums over all accounts."""

    accounts: int
    """That gave a recording."""
    recordings: int
    audio_seconds: float
    entries: int
    llm_cost: Decimal
    """USD."""

    @property
    def cost_per_audio_hour(self) -> float:
        """USD; 0 without audio."""
        return float(self.llm_cost) * 3600 / self.audio_seconds if self.audio_seconds else 0.0


async def last_day(session: AsyncSession, now: datetime) -> LastDay:
    """Up to `now`; found by ids, which carry the moment that they were made and have an index."""
    since = first_id(now - _DAY)
    length = func.coalesce(RecordingRow.duration, RecordingRow.declared_duration, 0.0)
    recorded = select(func.count(distinct(RecordingRow.account_id)), func.count(), func.sum(length))
    accounts, recordings, seconds = (await session.execute(recorded.where(RecordingRow.id >= since))).one()
    entries = await session.scalar(select(func.count()).select_from(EntryRow).where(EntryRow.id >= since))
    cost = await session.scalar(select(func.sum(ReceiptRow.cost)).where(ReceiptRow.id >= since))
    return LastDay(
        accounts=accounts, recordings=recordings, audio_seconds=float(seconds or 0.0), entries=entries or 0,
        llm_cost=to_usd(int(cost or 0)),
    )  # fmt: skip
