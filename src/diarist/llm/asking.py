"""A question for a language model, for whom it is asked, and its answer: what callers of the router see."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from diarist.domain.budget import BudgetLimits
from diarist.domain.masking import MaskingPolicy
from diarist.domain.privacy import Privacy, Region
from diarist.ports.language_model import Outcome

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Generic[T]):
    """One question; `system` is ours and leaves as it is, `prompt` holds what people said and is masked."""

    purpose: str
    """What it is for, such as `diary.claims`; on the receipt."""
    prompt_version: str
    """Changes whenever the words of our prompts do: an answer to older ones is not used again."""
    system: str
    prompt: str
    answer: type[T]
    """What the answer must validate as; its JSON schema goes with the question."""
    max_output_tokens: int
    """A longer answer is cut, which makes it invalid; it is also what the budget is asked for."""
    quality: int = 0
    """The least quality of a model, 0 to 100, that this needs."""
    deadline: float = 180.0
    """Seconds for all of it, waiting and other models included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The account for which is asked, and what it allows; `accounts.service.asker` reads it."""

    id: UUID
    privacy: Privacy = Privacy.ANYONE
    budget: BudgetLimits = field(default_factory=BudgetLimits)
    masking: MaskingPolicy = field(default_factory=MaskingPolicy)
    preset: str | None = None
    """What counts most in the choice, `candidates.PRESETS`; None for what the settings say."""
    model: str | None = None
    """`provider/model`, when no other one may be asked; None for whichever is best."""
    job_id: UUID | None = None
    """The job that asks, which is on the receipt; None where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """A valid answer, unmasked."""

    value: T
    provider: str
    model: str
    cost_usd: Decimal
    """All that this question cost, answers that were not valid and other models included; 0 when it was cached."""
    input_tokens: int
    output_tokens: int
    cached: bool
    receipt_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One call to a provider that was made on the way to an answer."""

    provider: str
    model: str
    region: Region
    outcome: Outcome
    repair: bool = False
    """Whether it was a question to mend the answer before."""
    status: int | None = None
    """Of HTTP, where there was one."""
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    may_have_cost_usd: Decimal = Decimal(0)
    """The most that a call may have been billed for whose answer never came; the budget counts it as spent."""

    @property
    def name(self) -> str:
        """Of the model, `provider/model`."""
        return f"{self.provider}/{self.model}"
