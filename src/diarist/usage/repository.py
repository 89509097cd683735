"""Sums of what was given and of what language models were asked, a day at a time; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.utc_day import midnight, utc_day
from diarist.llm.budget import COUNTED
from diarist.llm.models import ReceiptRow, ReservationRow
from diarist.llm.money import to_usd
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import BEST_DURATION


@dataclass(slots=True, kw_only=True)
class DayOfUse:
    """What one day of UTC took."""

    date: date
    recordings: int = 0
    """That were given, and are still there."""
    audio_seconds: float = 0.0
    stored_bytes: int = 0
    """Of those recordings, as they are kept now."""
    questions: int = 0
    """To language models."""
    cached: int = 0
    """Those of them whose answer was there from before."""
    calls: int = 0
    """That were made for the others: one that fails is followed by the next."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    """USD, what is promised to calls that still run included."""


async def days_of_use(session: AsyncSession, account_id: UUID, first: date, last: date) -> Sequence[DayOfUse]:
    """Every day from the first to the last, both included, in order."""
    days = {day: DayOfUse(date=day) for day in _days(first, last)}
    start, end = midnight(first), midnight(last + timedelta(1))
    given = utc_day(RecordingRow.created_at)
    recordings = (
        select(given, func.count(), func.coalesce(func.sum(BEST_DURATION), 0.0), func.sum(RecordingRow.size_bytes))
        .where(RecordingRow.account_id == account_id, RecordingRow.created_at >= start, RecordingRow.created_at < end)
        .group_by(given)
    )
    for told, count, seconds, size in await session.execute(recordings):
        day = days[date.fromisoformat(told)]
        day.recordings, day.audio_seconds, day.stored_bytes = count, float(seconds), int(size)
    asked = utc_day(ReceiptRow.created_at)
    receipts = (
        select(
            asked, func.count(), func.sum(case((ReceiptRow.cached, 1), else_=0)),
            func.sum(func.json_array_length(ReceiptRow.hops)),
            func.sum(ReceiptRow.input_tokens), func.sum(ReceiptRow.output_tokens),
        )
        .where(ReceiptRow.account_id == account_id, ReceiptRow.created_at >= start, ReceiptRow.created_at < end)
        .group_by(asked)
    )  # fmt: skip
    for told, count, cached, calls, read, written in await session.execute(receipts):
        day = days[date.fromisoformat(told)]
        day.questions, day.cached, day.calls = count, int(cached), int(calls or 0)
        day.input_tokens, day.output_tokens = int(read), int(written)
    costs = (
        select(ReservationRow.day, func.sum(COUNTED))
        .where(ReservationRow.account_id == account_id, ReservationRow.day >= first, ReservationRow.day <= last)
        .group_by(ReservationRow.day)
    )
    for on, billionths in await session.execute(costs):
        days[on].cost = to_usd(int(billionths))
    return list(days.values())


def _days(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]
