"""What an account may spend on language models."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLimits:
    """In USD, None for no limit; days and months are those of UTC."""

    day: Decimal | None = None
    month: Decimal | None = None

    @property
    def unlimited(self) -> bool:
        """Whether nothing is limited, so that what was spent need not be known."""
        return self.day is None and self.month is None

    def or_else(self, others: BudgetLimits) -> BudgetLimits:
        """These, and where one is None that of the others."""
        return BudgetLimits(
            day=others.day if self.day is None else self.day, month=others.month if self.month is None else self.month
        )
