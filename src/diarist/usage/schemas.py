"""Usage on the wire."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from diarist.usage.repository import DayOfUse
from diarist.usage.service import Standing

_DAY: JsonDict = {
    "date": "2026-11-03", "recordings": 4, "audio_hours": 0.4213, "stored_bytes": 4120331, "questions": 9, "cached": 2,
    "calls": 8, "input_tokens": 20112, "output_tokens": 1930, "cost_usd": "0.0142",
}  # fmt: skip
_EXAMPLE: JsonDict = {
    "month": "2026-11-01",
    "recordings": 31,
    "audio_hours": {"used": 6.8812, "limit": 100.0},
    "stored_bytes": {"used": 81220310, "limit": None},
    "unfinished_jobs": {"used": 1, "limit": 50},
    "questions": 64, "cached": 11, "calls": 57, "input_tokens": 140220, "output_tokens": 12021,
    "day_usd": {"used": "0.0142", "limit": "0.50"},
    "month_usd": {"used": "0.0921", "limit": None},
}  # fmt: skip


class Hours(BaseModel):
    """Hours of audio, of those that may be; null for as many as there are, as in the next ones."""

    used: float
    limit: float | None


class Count(BaseModel):
    """So many, of those that may be."""

    used: int
    limit: int | None


class Money(BaseModel):
    """USD that are spent, what is promised to calls that still run included, of those that may be."""

    used: Decimal
    limit: Decimal | None


class Usage(BaseModel):
    """What an account has used in this calendar month of UTC so far, against what it may."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    month: dt.date
    """Its first day."""
    recordings: int
    """That were given in this month and are still there."""
    audio_hours: Hours
    """Of these recordings."""
    stored_bytes: Count
    """Of all recordings that are kept, whenever they were given."""
    unfinished_jobs: Count
    """As of now."""
    questions: int
    """That language models were asked."""
    cached: int
    """Those of them whose answer was there from before, and cost nothing."""
    calls: int
    """That were made for the others; one that fails is followed by the next."""
    input_tokens: int
    output_tokens: int
    day_usd: Money
    """What language models cost today, in UTC."""
    month_usd: Money
    """What they cost in this month."""


class UsageDay(BaseModel):
    """What one day of UTC took."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_DAY]})

    date: dt.date
    recordings: int
    """That were given and are still there."""
    audio_hours: float
    stored_bytes: int
    """Of these recordings, as they are kept now."""
    questions: int
    cached: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal


def usage_to_wire(standing: Standing) -> Usage:
    """The month so far."""
    used, quotas, days = standing.used, standing.quotas, standing.days
    sums: dict[str, Any] = {
        name: sum(getattr(day, name) for day in days)
        for name in ("recordings", "questions", "cached", "calls", "input_tokens", "output_tokens")
    }
    return Usage(
        month=standing.today.replace(day=1),
        audio_hours=Hours(used=round(used.audio_seconds / 3600, 4), limit=quotas.audio_hours),
        stored_bytes=Count(used=used.stored_bytes, limit=quotas.stored_bytes),
        unfinished_jobs=Count(used=used.jobs, limit=quotas.jobs),
        day_usd=Money(used=standing.spent.day, limit=standing.budget.day),
        month_usd=Money(used=standing.spent.month, limit=standing.budget.month),
        **sums,
    )


def day_to_wire(day: DayOfUse) -> UsageDay:
    """One day."""
    return UsageDay(
        date=day.date, recordings=day.recordings, audio_hours=round(day.audio_seconds / 3600, 4), stored_bytes=day.stored_bytes,
        questions=day.questions, cached=day.cached, calls=day.calls, input_tokens=day.input_tokens,
        output_tokens=day.output_tokens, cost_usd=day.cost,
    )  # fmt: skip
