"""An account on the wire."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from diarist.accounts.hint_fields import HintFields, fields_from_hints
from diarist.accounts.llm_terms import LlmTerms, asker_of, own_terms
from diarist.accounts.models import AccountRow
from diarist.accounts.service import quotas_in_force
from diarist.domain.archive import ArchiveFormat
from diarist.domain.masking import Kind, Where, WithoutNames
from diarist.domain.privacy import Privacy
from diarist.settings import Settings
from diarist.settings.llm import Preset, Usd

_EXAMPLE: JsonDict = {
    "id": "019a0c5d-0001-7a02-9d15-1f5a2b1f7c40",
    "name": "local",
    "time_zone": "Europe/Berlin",
    "day_begins": "04:00",
    "hints": {"language": None, "languages": ["de", "en"], "vocabulary": ["Anna", "Grünwald"]},
    "archive_format": "keep",
    "archive_after_days": 30,
    "language_models": {
        "privacy": "eu", "day_usd": "0.50", "month_usd": None, "preset": "balanced", "kinds": ["email", "person"],
        "where": ["before_non_self_hosted"], "without_names": "refuse", "own": ["privacy", "day_usd"],
    },
    "quotas": {"audio_hours": 100.0, "stored_bytes": None, "jobs": 50},
    "max_running": None,
    "created_at": "2026-11-03T19:20:11.250Z",
}  # fmt: skip
_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)


class LlmTermsInForce(BaseModel):
    """On which terms language models are asked for an account."""

    model_config = _DOCUMENTED

    privacy: Privacy
    """Who may get its text."""
    day_usd: Decimal | None
    """What may be spent in a day of UTC; null for any amount, as the next one."""
    month_usd: Decimal | None
    preset: Preset | None
    """What counts most in the choice of a model; null where the installation weighs it in its own way."""
    kinds: list[Kind]
    """What is masked."""
    where: list[Where]
    """Where it is masked; empty for nowhere."""
    without_names: WithoutNames
    """What happens to text in which nothing finds names."""
    own: list[str]
    """Which of these are the account's own; the others are as for all."""


class QuotasInForce(BaseModel):
    """How much an account may have; null for as much as there is. Whoever runs the installation sets it."""

    model_config = _DOCUMENTED

    audio_hours: float | None
    """Of audio in a calendar month of UTC."""
    stored_bytes: int | None
    jobs: int | None
    """That have not ended."""


class Account(BaseModel):
    """The owner of recordings and all that is made of them."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    name: str
    time_zone: str
    """IANA name; days are counted in it."""
    day_begins: str
    """Such as `04:00`; what is said earlier belongs to the day before."""
    hints: HintFields | None
    """What holds for its recordings unless they have hints of their own."""
    archive_format: ArchiveFormat
    """What becomes of originals that are old enough."""
    archive_after_days: int
    """Days for which originals are kept in any case."""
    language_models: LlmTermsInForce
    quotas: QuotasInForce
    max_running: int | None
    """Tasks of each queue that may run at once; null for what holds for all. Whoever runs the installation sets it."""
    created_at: datetime


class LlmTermsChange(BaseModel):
    """Terms of its own; what is left out stays, what is null is as for all."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    privacy: Privacy | None = None
    day_usd: Usd | None = None
    """In USD. Only whoever runs the installation may allow more than is allowed now."""
    month_usd: Usd | None = None
    preset: Preset | None = None
    kinds: Annotated[list[Kind], Field(max_length=50)] | None = None
    where: Annotated[list[Where], Field(max_length=50)] | None = None
    without_names: WithoutNames | None = None

    def applied(self, terms: LlmTerms) -> LlmTerms:
        """The terms with what is given in place of what was."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        chosen: dict[str, Any] = {name: frozenset(value) if isinstance(value, list) else value for name, value in given.items()}
        return replace(terms, **chosen)


class AccountChange(BaseModel):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        extra="forbid",
        json_schema_extra={"minProperties": 1, "examples": [{"language_models": {"privacy": "eu", "day_usd": "0.50"}}]},
    )

    time_zone: Annotated[str, Field(min_length=1, max_length=64, examples=["Europe/Berlin"])] = ""
    """IANA name. Due dates that were worked out before stay as they are, as with the next one."""
    day_begins: Annotated[str, Field(pattern="^(0[0-9]|1[01]):[0-5][0-9]$|^12:00$", examples=["04:00"])] = ""
    """From 00:00 to 12:00."""
    hints: HintFields | None = None
    """What is known of all its recordings; null for nothing."""
    archive_format: ArchiveFormat = ArchiveFormat.KEEP
    archive_after_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    language_models: LlmTermsChange = LlmTermsChange()

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed")
        return self

    def has(self, name: str) -> bool:
        """Whether it was given."""
        return name in self.model_fields_set


def account_from_row(row: AccountRow, settings: Settings) -> Account:
    """An account as it goes over the wire."""
    return Account(
        id=row.id,
        name=row.name,
        time_zone=row.time_zone,
        day_begins=f"{row.day_begins:%H:%M}",
        hints=fields_from_hints(row.hints),
        archive_format=row.archive_format,
        archive_after_days=row.archive_after_days,
        language_models=terms_in_force(row, settings),
        quotas=QuotasInForce(**asdict(quotas_in_force(row.quotas, settings))),
        max_running=row.max_running,
        created_at=row.created_at,
    )


def terms_in_force(account: AccountRow, settings: Settings) -> LlmTermsInForce:
    """The terms in force, and the names of those that are the account's own."""
    asker, own = asker_of(account, settings), own_terms(account)
    preset = asker.preset or (None if settings.llm.weights else settings.llm.preset)
    return LlmTermsInForce.model_validate(
        {
            "privacy": asker.privacy,
            "day_usd": asker.budget.day,
            "month_usd": asker.budget.month,
            "preset": preset,
            **asker.masking.to_json(),
            "own": [name for name, value in asdict(own).items() if value is not None],
        }
    )
