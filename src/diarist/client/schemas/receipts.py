"""Receipts as the API tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One call to a provider."""

    provider: str
    model: str
    region: str
    """`self_hosted`, `eu` or `anyone`."""
    outcome: str
    """What came of it, such as `answered` or `rate_limited`."""
    repair: bool
    """Whether it asked to mend the answer before."""
    status: int | None
    """The HTTP status, where it was an error."""
    seconds: float
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    may_have_cost_usd: Decimal
    """The most that a call may have been billed for whose answer never came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that was thought of, and what became of it."""

    provider: str
    model: str
    region: str
    decision: str
    """`answered`, `failed`, `asked`, `not_needed` or `rejected`."""
    code: str
    """Of a rejected one why, of a failed one the outcome of its last call, for machines; else empty."""
    reason: str
    """For people."""
    score: float | None
    """The less the better; None for those that may not be asked, as what follows."""
    parts: Mapping[str, float]
    """What makes the score: cost, latency, quality and privacy, each by its weight."""
    quality: float | None
    """0 to 100, as set and as measured."""
    expected_cost_usd: Decimal | None
    expected_seconds: float | None
    """None also where it was not asked before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What one question to language models came to, and what left for it; never the text itself."""

    id: UUID
    created_at: datetime
    purpose: str
    """What was asked for, such as `diary.claims`."""
    prompt_version: str
    state: str
    """`asking`, `answered` or `failed`."""
    provider: str | None
    """Whose answer was used, as the next two; None when no answer was."""
    model: str | None
    region: str | None
    text_sha256: str
    """Of the account's text as it left last, masked where it was masked; UTF-8, in hexadecimal."""
    masked: Mapping[str, int]
    """How many different people, places and so on were masked in it."""
    input_tokens: int
    """Of all calls together, as the next two."""
    output_tokens: int
    cost_usd: Decimal
    seconds: float
    """From the question to its end."""
    cached: bool
    """Whether an earlier answer to the same question was used: nothing left, and nothing was paid."""
    hops: tuple[Hop, ...]
    """Every call, in order; empty where nothing left."""
    candidates: tuple[Candidate, ...]
    """Why this model, and why not the others."""
