"""How much of their budgets accounts have left; told of none of them by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.llm.models import ReservationRow
from diarist.llm.money import to_usd
from diarist.settings.llm import LlmSettings


@dataclass(slots=True)
class Left:
    """Of one period."""

    least: Decimal | None = None
    """USD that the account with least has left; None when none has a budget."""
    least_share: Decimal | None = None
    """The same as a share of its budget; of the account with the smallest."""
    out: int = 0
    """Accounts that have nothing left."""

    def add(self, limit: Decimal | None, spent: Decimal) -> None:
        """One account."""
        if limit is None:
            return
        left = max(Decimal(0), limit - spent)
        self.least = left if self.least is None else min(self.least, left)
        share = left / limit if limit else Decimal(0)
        self.least_share = share if self.least_share is None else min(self.least_share, share)
        self.out += left == 0


async def budgets_left(session: AsyncSession, settings: LlmSettings, today: date) -> Mapping[str, Left]:
    """By `day` and `month`; `today` in UTC. What is promised counts as spent, as everywhere."""
    found = {"day": Left(), "month": Left()}
    accounts = select(AccountRow.id, AccountRow.llm_budget)
    if settings.day_usd is None and settings.month_usd is None:
        accounts = accounts.where(AccountRow.llm_budget.is_not(None))
    rows = (await session.execute(accounts)).all()
    if not rows:
        return found
    counted = func.coalesce(ReservationRow.spent, ReservationRow.reserved)
    sums = (
        select(ReservationRow.account_id, func.sum(case((ReservationRow.day == today, counted), else_=0)), func.sum(counted))
        .where(ReservationRow.day >= today.replace(day=1), ReservationRow.day <= today)
        .group_by(ReservationRow.account_id)
    )
    spent = {account: (to_usd(int(day or 0)), to_usd(int(month or 0))) for account, day, month in await session.execute(sums)}
    for account, own in rows:
        day, month = spent.get(account, (Decimal(0), Decimal(0)))
        found["day"].add(own.day if own and own.day is not None else settings.day_usd, day)
        found["month"].add(own.month if own and own.month is not None else settings.month_usd, month)
    return found
