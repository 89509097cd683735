"""What an account has used by now: measured as quotas and budgets measure it, so that no two places tell different sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from diarist.accounts.llm_terms import asker_of
from diarist.accounts.service import get_account, quotas_in_force
from diarist.database.base import utc_now
from diarist.domain.budget import BudgetLimits
from diarist.domain.quotas import Quotas
from diarist.errors import InvalidInput
from diarist.llm.budget import Spent, spent_by
from diarist.recordings.quotas import Used, used_by
from diarist.runtime import Runtime
from diarist.usage.repository import DayOfUse, days_of_use

MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An account's use of this month, and its bounds."""

    today: date
    used: Used
    quotas: Quotas
    spent: Spent
    budget: BudgetLimits
    days: Sequence[DayOfUse]
    """From the first of the month on."""


async def standing(runtime: Runtime, account_id: UUID) -> Standing:
    """As it is now; days and months are those of UTC."""
    today = utc_now().date()
    async with runtime.database.read() as session:
        account = await get_account(session, account_id)
        return Standing(
            today=today,
            used=await used_by(session, account_id),
            quotas=quotas_in_force(account.quotas, runtime.settings),
            spent=await spent_by(session, account_id, today),
            budget=asker_of(account, runtime.settings).budget,
            days=await days_of_use(session, account_id, today.replace(day=1), today),
        )


async def use_by_days(runtime: Runtime, account_id: UUID, first: date | None, last: date | None) -> Sequence[DayOfUse]:
    """What each day took; left out, from the first of the last day's month, to today. Raises `InvalidInput`."""
    last = last or utc_now().date()
    first = first or min(last, last.replace(day=1))
    if not timedelta(0) <= last - first < timedelta(MOST_DAYS) or last == date.max:
        raise InvalidInput(f"from {first} to {last} are not 1 to {MOST_DAYS} days", advice="Ask for fewer days at once.")
    async with runtime.database.read() as session:
        return await days_of_use(session, account_id, first, last)
