"""Asks the router on behalf of one entry, and keeps count of what that took."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

from diarist.diary.written.prompts import ROOM
from diarist.errors import NoModelAnswered
from diarist.llm.asking import Answer, Ask, Asker, T

if TYPE_CHECKING:
    from diarist.llm.masking.vault import Vault

SMALLEST, LARGEST = 300, 6000
"""Tokens of a window: less holds no thought, and of more models overlook the middle."""
LONGEST_ANSWER = 4000
DEADLINE = 180.0
"""Seconds for a question; more where the best model may take long."""


class Model(Protocol):
    """Whoever is asked; `llm.router.Router` is one."""

    async def ask(self, ask: Ask[T], *, account: Asker, vault: Vault | None = None) -> Answer[T]:
        """A valid answer; raises `NoModelAnswered`."""
        ...

    async def judge(self, answer: Answer[Any], *, said: int, passed: int) -> None:
        """Take note of how many statements an answer held, and how many of them were proven."""
        ...


@dataclass(frozen=True, slots=True)
class Room:
    """What fits into one question, in tokens."""

    window: int
    answer: int

    LEAST: ClassVar[int] = 500
    """Of question and answer each: a model with less room is of no use."""
    UNKNOWN: ClassVar[int] = 8192
    """Context of a model of which nothing is known."""

    @classmethod
    def of(cls, context_tokens: int) -> Room:
        """For a model with this context: about as much is answered as is read."""
        free = max(2 * SMALLEST, context_tokens - ROOM)
        answer = min(LONGEST_ANSWER, free // 2)
        return cls(window=max(SMALLEST, min(LARGEST, free - answer)), answer=answer)


@dataclass(slots=True)
class Clerk:
    """Asks for one entry."""

    model: Model
    account: Asker
    vault: Vault | None
    room: Room
    at_once: int = 4
    """Windows that are asked about at the same time."""
    deadline: float = DEADLINE
    """Seconds for one question, other models included."""
    calls: int = 0
    cached: int = 0
    cost: Decimal = Decimal(0)
    receipts: list[UUID] = field(default_factory=list)
    answered_by: tuple[str, str] = ("", "")
    """Provider and model of the newest answer."""
    unanswered: NoModelAnswered | None = None
    """Why the newest question had no answer, if there is one that had none."""

    async def ask(self, ask: Ask[T]) -> Answer[T]:
        """The answer, to be given to `judge` once it is checked; raises `NoModelAnswered` and `MaskingFailed`."""
        try:
            answer = await self.model.ask(replace(ask, deadline=self.deadline), account=self.account, vault=self.vault)
        except NoModelAnswered as error:
            self.unanswered = error
            self.cost += sum((hop.cost_usd for hop in error.hops), Decimal(0))
            if error.receipt_id:
                self.receipts.append(error.receipt_id)
            raise
        self.calls += 1
        self.cached += answer.cached
        self.cost += answer.cost_usd
        self.receipts.append(answer.receipt_id)
        self.answered_by = (answer.provider, answer.model)
        return answer

    async def judge(self, answer: Answer[Any], *, said: int, dropped: int) -> None:
        """Say how many statements an answer held and how many could not be proven."""
        await self.model.judge(answer, said=said, passed=said - dropped)
