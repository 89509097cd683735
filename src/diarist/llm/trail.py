"""What has been done for one question so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic
from uuid import UUID

from diarist.database.base import new_id
from diarist.llm.asking import Ask, Asker, Hop, T
from diarist.llm.texts import Text


@dataclass(slots=True, kw_only=True)
class Trail(Generic[T]):
    """Grows from call to call."""

    ask: Ask[T]
    account: Asker
    text: Text
    """What was sent last."""
    receipt_id: UUID = field(default_factory=new_id)
    hops: list[Hop] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)
    """Why models were not asked, by name."""
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the question."""
        return time.monotonic() - self.started

    @property
    def rest(self) -> float:
        """Seconds until the deadline."""
        return self.ask.deadline - self.seconds

    @property
    def cost(self) -> Decimal:
        """USD that all calls cost for certain."""
        return sum((hop.cost_usd for hop in self.hops), Decimal(0))

    @property
    def input_tokens(self) -> int:
        """Of all calls."""
        return sum(hop.input_tokens for hop in self.hops)

    @property
    def output_tokens(self) -> int:
        """Of all calls."""
        return sum(hop.output_tokens for hop in self.hops)
