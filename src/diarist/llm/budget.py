"""What accounts may spend: the most that a call may cost is promised before it is made, and settled after.

All sums are made in the transaction that changes them, and one after the other for an account, so that no number of calls at
once passes the budget. What is promised and never settled, because a process ended, stays counted: it may have been billed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id, utc_now
from diarist.database.exclusive import exclusive
from diarist.domain.budget import BudgetLimits
from diarist.errors import BudgetSpent
from diarist.llm.models import ReservationRow
from diarist.llm.money import to_billionths, to_usd

WARN_AT = Decimal("0.8")
"""Share of a budget."""
COUNTED = func.coalesce(ReservationRow.spent, ReservationRow.reserved)
"""What counts as spent, in billionths of a USD: of a call that still runs, or has never ended, what is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """USD, what is promised included."""

    day: Decimal = Decimal(0)
    month: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A budget of which most is spent now, and was not before."""

    period: str
    """`day` or `month`."""
    spent: Decimal
    limit: Decimal


async def spent_by(session: AsyncSession, account_id: UUID, today: date | None = None) -> Spent:
    """What an account has spent and promised; `today` in UTC."""
    found = await spent_by_each(session, today or utc_now().date(), ReservationRow.account_id == account_id)
    return found.get(account_id, Spent())


async def spent_by_each(session: AsyncSession, today: date, *which: ColumnElement[bool]) -> Mapping[UUID, Spent]:
    """The same of every account, as far as `which` lets it; those that have spent nothing this month are not in it."""
    row = ReservationRow
    sums = (
        select(row.account_id, func.sum(case((row.day == today, COUNTED), else_=0)), func.sum(COUNTED))
        .where(row.day >= today.replace(day=1), row.day <= today, *which)
        .group_by(row.account_id)
    )
    found = await session.execute(sums)
    return {account_id: Spent(day=to_usd(int(day)), month=to_usd(int(month))) for account_id, day, month in found}


async def left(session: AsyncSession, account_id: UUID, limits: BudgetLimits, today: date | None = None) -> Decimal | None:
    """USD that may still be spent; None for no limit."""
    if limits.unlimited:
        return None
    spent = await spent_by(session, account_id, today)
    return min(limit - used for limit, used in _pairs(limits, spent) if limit is not None)


async def reserve(session: AsyncSession, account_id: UUID, limits: BudgetLimits, receipt_id: UUID, most: Decimal) -> UUID:
    """Promise up to `most` USD; raises `BudgetSpent` when that does not fit."""
    await exclusive(session, f"budget/{account_id}")
    today = utc_now().date()
    rest = await left(session, account_id, limits, today)
    if rest is not None and most > rest:
        raise BudgetSpent(f"a call may cost up to {most:.6f} USD, and {max(rest, Decimal(0)):.6f} USD are left")
    row = ReservationRow(id=new_id(), account_id=account_id, receipt_id=receipt_id, day=today, reserved=to_billionths(most))
    session.add(row)
    await session.flush()
    return row.id


async def settle(session: AsyncSession, reservation_id: UUID, limits: BudgetLimits, cost: Decimal) -> list[Warned]:
    """Say what a call cost; returns the budgets of which this call used up the fifth before the last."""
    row = await session.get_one(ReservationRow, reservation_id)
    await exclusive(session, f"budget/{row.account_id}")
    row.spent, row.settled_at = to_billionths(cost), utc_now()
    if limits.unlimited:
        return []
    await session.flush()
    after = await spent_by(session, row.account_id, row.day)
    return [
        Warned(period=period, spent=used, limit=limit)
        for period, (limit, used) in zip(("day", "month"), _pairs(limits, after), strict=True)
        if limit is not None and used - cost < WARN_AT * limit <= used
    ]


def _pairs(limits: BudgetLimits, spent: Spent) -> tuple[tuple[Decimal | None, Decimal], tuple[Decimal | None, Decimal]]:
    return (limits.day, spent.day), (limits.month, spent.month)
