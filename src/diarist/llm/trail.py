"""What has been done for one question so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic
from uuid import UUID

from diarist.database.base import new_id
from diarist.llm.asking import Ask, Asker, Hop, T
from diarist.llm.candidates import Choice
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
    choice: Choice | None = None
    """Which models were thought of; None while that is not decided, and for an answer that was there from before."""
    not_asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Why models that were chosen were not asked after all, by name: for machines, and for people."""
    replied: bool = False
    """Whether there is a reply to the last call, or none will come any more."""
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
    def rejected(self) -> dict[str, str]:
        """Why models were not asked, by name."""
        refused = {one.card.name: one.reason for one in self.choice.rejected} if self.choice else {}
        return refused | {name: reason for name, (_, reason) in self.not_asked.items()}

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
