"""Receipts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.domain.privacy import Region
from diarist.llm.models import ReceiptRow
from diarist.llm.money import to_usd
from diarist.ports.language_model import Outcome

_EXAMPLE: JsonDict = {
    "id": "019a0c5f-1b41-7a02-9d15-1f5a2b1f7c40",
    "created_at": "2026-11-03T19:24:02.113Z",
    "purpose": "diary.claims",
    "prompt_version": "3",
    "state": "answered",
    "provider": "anthropic",
    "model": "claude-haiku-4-5",
    "region": "anyone",
    "text_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "masked": {"person": 2, "phone": 1},
    "input_tokens": 2841,
    "output_tokens": 611,
    "cost_usd": "0.005896",
    "seconds": 6.218,
    "cached": False,
    "hops": [
        {
            "provider": "openai", "model": "gpt-5-mini", "region": "anyone", "outcome": "rate_limited", "repair": False,
            "status": 429, "seconds": 0.214, "input_tokens": 0, "output_tokens": 0, "cost_usd": "0", "may_have_cost_usd": "0",
        },
        {
            "provider": "anthropic", "model": "claude-haiku-4-5", "region": "anyone", "outcome": "answered", "repair": False,
            "status": None, "seconds": 5.871, "input_tokens": 2841, "output_tokens": 611, "cost_usd": "0.005896",
            "may_have_cost_usd": "0",
        },
    ],
}  # fmt: skip


class Hop(BaseModel):
    """One call to a provider."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    provider: str
    model: str
    region: Region
    outcome: Outcome
    repair: bool
    """Whether it asked to mend the answer before."""
    status: int | None
    """The HTTP status, where it was an error."""
    seconds: float
    input_tokens: int
    output_tokens: int
    cost_usd: str
    """A decimal number."""
    may_have_cost_usd: str
    """The most that a call may have been billed for whose answer never came."""


class Receipt(BaseModel):
    """What one question to language models came to, and what left for it; never the text itself."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    created_at: datetime
    purpose: str
    """What was asked for, such as `diary.claims`."""
    prompt_version: str
    state: Literal["asking", "answered", "failed"]
    """One that has been `asking` for long was ended by a crash; what may have been billed for it counts as spent."""
    provider: str | None
    """Whose answer was used, as the next two; null when no answer was."""
    model: str | None
    region: Region | None
    text_sha256: str
    """SHA-256 of the account's text as it left last, masked where it was masked; UTF-8, in hexadecimal."""
    masked: dict[str, int]
    """How many different people, places and so on were masked in it."""
    input_tokens: int
    """Of all calls together, as the next two."""
    output_tokens: int
    cost_usd: str
    """A decimal number."""
    seconds: float
    """From the question to its end."""
    cached: bool
    """Whether an earlier answer to the same question was used: nothing left, and nothing was paid."""
    hops: list[Hop]
    """Every call, in order."""


def receipt_from_row(row: ReceiptRow) -> Receipt:
    """A receipt as it goes over the wire."""
    return Receipt.model_validate(
        {
            **{name: getattr(row, name) for name in Receipt.model_fields if hasattr(row, name)},
            "cost_usd": f"{to_usd(row.cost):f}",
            "seconds": round(row.seconds, 3),
        }
    )
