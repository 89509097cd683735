"""How much of their budgets accounts have left; told of none of them by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.domain.budget import BudgetLimits
from diarist.llm.budget import Spent, spent_by_each
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
    if settings.budget.unlimited:
        accounts = accounts.where(AccountRow.llm_budget.is_not(None))
    rows = (await session.execute(accounts)).all()
    if not rows:
        return found
    spent = await spent_by_each(session, today)
    for account_id, own in rows:
        limits, used = (own or BudgetLimits()).or_else(settings.budget), spent.get(account_id, Spent())
        found["day"].add(limits.day, used.day)
        found["month"].add(limits.month, used.month)
    return found
