"""The terms on which language models are asked for an account: its own, where it has any, else those of the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.accounts.service import account_called, get_account
from diarist.domain.budget import BudgetLimits
from diarist.domain.masking import Kind, Where, WithoutNames, policy_of
from diarist.domain.privacy import Privacy
from diarist.llm.asking import Asker
from diarist.settings import Settings
from diarist.settings.llm import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmTerms:
    """An account's own; None for what the settings say."""

    privacy: Privacy | None = None
    """Who may get its text."""
    day_usd: Decimal | None = None
    """What may be spent in a day of UTC."""
    month_usd: Decimal | None = None
    preset: Preset | None = None
    """What counts most in the choice of a model."""
    kinds: frozenset[Kind] | None = None
    """What is masked."""
    where: frozenset[Where] | None = None
    """Where it is masked; empty for nowhere."""
    without_names: WithoutNames | None = None
    """What happens to text in which nothing finds names."""


def own_terms(account: AccountRow) -> LlmTerms:
    """What an account says itself."""
    own = account.masking_policy or {}
    policy, budget = policy_of(own), account.llm_budget or BudgetLimits()
    return LlmTerms(
        privacy=account.privacy_class,
        day_usd=budget.day,
        month_usd=budget.month,
        preset=cast("Preset | None", account.llm_preset),
        kinds=policy.kinds if "kinds" in own else None,
        where=policy.where if "where" in own else None,
        without_names=policy.without_names if "without_names" in own else None,
    )


async def change_llm_terms(session: AsyncSession, name: str, change: Callable[[LlmTerms], LlmTerms]) -> AccountRow:
    """Give an account other terms of its own; raises `NotFound`."""
    account = await account_called(session, name)
    store_terms(account, change(own_terms(account)))
    return account


def store_terms(account: AccountRow, terms: LlmTerms) -> None:
    """Let these be an account's own."""
    account.privacy_class, account.llm_preset = terms.privacy, terms.preset
    budget = BudgetLimits(day=terms.day_usd, month=terms.month_usd)
    account.llm_budget = None if budget.unlimited else budget
    account.masking_policy = _masking(terms) or None


async def asker(session: AsyncSession, identifier: UUID, settings: Settings) -> Asker:
    """An account as language models are asked for it; raises `NotFound`."""
    return asker_of(await get_account(session, identifier), settings)


def asker_of(account: AccountRow, settings: Settings) -> Asker:
    """The terms in force; each that an account does not set is as the settings say, also beside others that it sets."""
    llm, own = settings.llm, own_terms(account)
    return Asker(
        id=account.id,
        privacy=own.privacy or llm.privacy,
        budget=(account.llm_budget or BudgetLimits()).or_else(llm.budget),
        masking=policy_of(account.masking_policy, settings.masking.policy),
        preset=own.preset,
    )


def _masking(terms: LlmTerms) -> dict[str, Any]:
    """What `domain.masking.policy_of` reads, with what is the account's own."""
    found: dict[str, Any] = {}
    if terms.kinds is not None:
        found["kinds"] = sorted(terms.kinds)
    if terms.where is not None:
        found["where"] = sorted(terms.where)
    if terms.without_names is not None:
        found["without_names"] = terms.without_names.value
    return found
