"""Receipts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.domain.privacy import Region
from diarist.llm.considered import Decision
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
    "candidates": [
        {
            "provider": "openai", "model": "gpt-5-mini", "region": "anyone", "decision": "failed", "code": "rate_limited",
            "reason": "it was asked, and did not answer well: rate_limited", "score": 0.212,
            "parts": {"cost": 0.07, "latency": 0.04, "quality": 0.102, "privacy": 0.0}, "quality": 77.4,
            "expected_cost_usd": "0.002", "expected_seconds": 4.2,
        },
        {
            "provider": "anthropic", "model": "claude-haiku-4-5", "region": "anyone", "decision": "answered", "code": "",
            "reason": "it has the best score of those that were left", "score": 0.341,
            "parts": {"cost": 0.21, "latency": 0.05, "quality": 0.081, "privacy": 0.0}, "quality": 82.0,
            "expected_cost_usd": "0.006", "expected_seconds": 5.1,
        },
        {
            "provider": "anthropic", "model": "claude-sonnet-4-5", "region": "anyone", "decision": "rejected", "code": "budget",
            "reason": "it may cost up to 0.091200 USD, and 0.080000 USD are left", "score": None, "parts": {}, "quality": None,
            "expected_cost_usd": None, "expected_seconds": None,
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


class Candidate(BaseModel):
    """A model that was thought of, and what became of it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    provider: str
    model: str
    region: Region
    decision: Decision
    """`answered`, `failed`, `asked`, `not_needed` or `rejected`."""
    code: str
    """For machines: of a rejected one `unusable`, `privacy`, `context`, `quality`, `masking`, `price`, `breaker`, `budget`,
    `not_chosen` or `misconfigured`; of a failed one the outcome of its last call; else empty."""
    reason: str
    """For people."""
    score: float | None
    """The less the better; null for those that may not be asked, as what follows."""
    parts: dict[str, float]
    """What makes the score: cost, latency, quality and privacy, each by its weight."""
    quality: float | None
    """0 to 100, as set and as measured."""
    expected_cost_usd: str | None
    """A decimal number."""
    expected_seconds: float | None
    """Null also where it was not asked before."""


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
    """SHA-256 of the account's text as it left last, masked where it was masked; UTF-8, in hexadecimal. Of a text that did not
    leave, as it is."""
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
    """Every call, in order; empty where nothing left."""
    candidates: list[Candidate]
    """Why this model, and why not the others: those that may be asked in their order, then the rest. Empty where an earlier
    answer was used, and on receipts of earlier versions."""


def receipt_from_row(row: ReceiptRow) -> Receipt:
    """A receipt as it goes over the wire."""
    return Receipt.model_validate(
        {
            **{name: getattr(row, name) for name in Receipt.model_fields if hasattr(row, name)},
            "candidates": row.candidates or [],
            "cost_usd": f"{to_usd(row.cost):f}",
            "seconds": round(row.seconds, 3),
        }
    )
