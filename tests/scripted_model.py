"""A language model that answers from a script, through the interface of the router: no provider, no network."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel

from diarist.errors import NoModelAnswered
from diarist.llm.asking import Answer, Ask, Asker, T

if TYPE_CHECKING:
    from diarist.llm.masking.vault import Vault

ACCOUNT = Asker(id=UUID(int=1))
COST = Decimal("0.001")
"""Of each answer."""

Script = Callable[[Ask[Any]], BaseModel | None]
"""What it answers; None: nobody does."""


class ScriptedModel:
    """Answers every question as the script says, and remembers them."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.asked: list[Ask[Any]] = []
        self.judged: list[tuple[int, int]] = []
        """Statements of each answer, and those that were proven."""

    async def ask(self, ask: Ask[T], *, account: Asker, vault: Vault | None = None) -> Answer[T]:
        self.asked.append(ask)
        value = self._script(ask)
        if value is None:
            raise NoModelAnswered
        return Answer(
            value=ask.answer.model_validate(value.model_dump()), provider="scripted", model="words", cost_usd=COST,
            input_tokens=100, output_tokens=100, cached=False, receipt_id=UUID(int=len(self.asked)),
        )  # fmt: skip

    async def judge(self, answer: Answer[Any], *, said: int, passed: int) -> None:
        """See the router; remembered, too."""
        self.judged.append((said, passed))
