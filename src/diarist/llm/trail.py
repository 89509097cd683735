"""What has been done for one question so far, and its receipt."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.llm.asking import Ask, Asker, Hop
from diarist.llm.receipts import write_receipt
from diarist.llm.texts import Text


@dataclass(slots=True, kw_only=True)
class Trail:
    """Grows from call to call."""

    ask: Ask[Any]
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
        """USD."""
        return sum((hop.cost_usd for hop in self.hops), Decimal(0))

    async def write(self, session: AsyncSession, state: str, *, answered_by: Hop | None = None, cached: bool = False) -> None:
        """Bring the receipt up to date."""
        await write_receipt(
            session, self.receipt_id, self.account.id, purpose=self.ask.purpose, prompt_version=self.ask.prompt_version,
            state=state, text_sha256=self.text.sha256, masked=self.text.counts, hops=self.hops, seconds=self.seconds,
            answered_by=answered_by, cached=cached,
        )  # fmt: skip
