"""What an account may change of itself; how much it may have, only whoever runs the installation does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from diarist.accounts.llm_terms import LlmTerms, asker_of, own_terms, store_terms
from diarist.accounts.models import AccountRow
from diarist.errors import NotAllowed
from diarist.settings import Settings


class BudgetTooWide(NotAllowed):
    """An account cannot allow itself to spend more than it may now."""

    code = "budget_too_wide"
    advice = "Give less, or let whoever runs the installation allow more with `diarist account llm`."


def change_terms(account: AccountRow, settings: Settings, change: Callable[[LlmTerms], LlmTerms], *, freely: bool) -> None:
    """Give an account other terms of its own.

    `freely`: whether who asks runs the installation; others raise `BudgetTooWide` when they would allow more than is allowed.
    """
    before = asker_of(account, settings).budget
    terms = change(own_terms(account))
    store_terms(account, terms)
    after = asker_of(account, settings).budget
    if not freely and (_wider(before.day, after.day) or _wider(before.month, after.month)):
        raise BudgetTooWide


def _wider(before: Decimal | None, after: Decimal | None) -> bool:
    return before is not None and (after is None or after > before)
