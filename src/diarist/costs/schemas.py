"""Costs on the wire; money as decimal numbers in text, for JSON's numbers are not exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from diarist.costs import service
from diarist.costs.cells import Amounts, Cell, Part, Sum, grouped
from diarist.costs.forecast import Forecast as FoundForecast
from diarist.costs.unusual import Standing
from diarist.costs.what_if import UNKNOWABLE
from diarist.costs.what_if import WhatIf as FoundWhatIf
from diarist.settings.costs import CostSettings

K = TypeVar("K", bound=Hashable)
Parts = Mapping[Part, str]


class Prices(BaseModel):
    """By which the rest is told."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    given: bool
    """Whether any price of machines is set; where none is, only language models cost anything here."""
    core_hour: str
    gpu_hour: str
    gb_month: str
    gb_in: str
    gb_out: str


class Used(BaseModel):
    """What was used, whatever it cost."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    core_seconds: float
    """Of processors, in threads and child processes that worked on recordings."""
    gpu_seconds: float
    input_tokens: int
    output_tokens: int
    gb_months: float
    """Of storage, 10^9 bytes for 730 hours."""
    bytes_in: int
    bytes_out: int


class Line(BaseModel):
    """A sum."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    cost: str
    parts: dict[Part, str]
    """The same by what it goes to: compute, llm, storage, network."""
    used: Used


class DayLine(Line):
    """Of one day of UTC."""

    day: dt.date


class StageLine(Line):
    """Of one stage, of one purpose of questions to language models, or of what is `kept` or `moved`."""

    stage: str
    part: Part


class ModelLine(Line):
    """Of one language model."""

    model: str


class Forecast(BaseModel):
    """What the month will have cost, if it goes on like this."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    expected: str
    low: str
    """In nine of ten months that stray as the days so far do, it is no less."""
    high: str | None
    """And no more; null while fewer than three whole days can tell."""
    month_over: float
    """Share of the month that is behind us, weighed by what days cost; from the first day on that ever cost anything."""
    by_weekday: bool
    """Whether weekdays count differently; else there are not yet four weeks to learn from."""


class Today(BaseModel):
    """Today's costs but for storage, against the 28 days before."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    cost: str
    usual: str
    """The median."""
    score: float
    """By how many median absolute deviations it is above, times 0.6745."""
    unusual: bool
    """Whether the score is above 3.5."""


class Notice(BaseModel):
    """What whoever reads this should know."""

    code: str
    message: str


class Costs(BaseModel):
    """What some days have cost; `days`, `stages` and, for language models, `models` are the same sum told in three ways."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    first: dt.date
    last: dt.date
    currency: str
    prices: Prices
    total: Line
    audio_hours: float
    """Of the recordings that came on these days, deleted ones included."""
    per_audio_hour: str | None
    """Null where none came."""
    days: list[DayLine]
    stages: list[StageLine]
    models: list[ModelLine]
    notices: list[Notice]


class MonthOfCosts(Costs):
    """What a calendar month of UTC has cost so far."""

    forecast: Forecast | None
    """Of the present month only."""
    today: Today | None
    """Of the present month only, and from a week on."""


class WhatIf(BaseModel):
    """What a month of questions would have cost with another model."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    first: dt.date
    last: dt.date
    currency: str
    model: str
    instead_of: str | None
    """Null for all that were asked."""
    input_tokens: int
    output_tokens: int
    paid: str
    would_have_cost: str
    unknown: list[str]
    """What nobody can know of it."""


def month_to_wire(found: service.Month) -> MonthOfCosts:
    """A month."""
    told, forecast, today = costs_to_wire(found.costs), found.forecast, found.today
    notices = list(told.notices)
    if today is not None and today.unusual:
        message = f"Today has cost {today.cost:.4f} {told.currency} so far, and a usual day {today.median:.4f}."
        notices.append(Notice(code="cost_unusual", message=message))
    return MonthOfCosts(
        **{**dict(told), "notices": notices},
        forecast=None if forecast is None else _forecast(forecast),
        today=None if today is None else _today(today),
    )


def costs_to_wire(found: service.Costs) -> Costs:
    """Any days."""
    prices, cells, per_hour = found.prices, found.cells, found.per_audio_hour
    days = sorted(grouped(cells, lambda cell: cell.day).items())
    stages = _dearest(cells, lambda cell: (cell.part, cell.of))
    models = _dearest([cell for cell in cells if cell.model is not None], lambda cell: cell.model or "")
    return Costs(
        first=found.scope.first, last=found.scope.last, currency=prices.currency, prices=_prices(prices),
        total=Line(**_line(found.sum)), audio_hours=round(found.audio_seconds / 3600, 4),
        per_audio_hour=None if per_hour is None else f"{per_hour:.9f}",
        days=[DayLine(day=day, **_line(one)) for day, one in days],
        stages=[StageLine(part=part, stage=stage, **_line(one)) for (part, stage), one in stages],
        models=[ModelLine(model=model, **_line(one)) for model, one in models],
        notices=[] if prices.given else [_NO_PRICES],
    )  # fmt: skip


def what_if_to_wire(found: FoundWhatIf, prices: CostSettings) -> WhatIf:
    """Both totals, and what they leave open."""
    return WhatIf(
        first=found.scope.first, last=found.scope.last, currency=prices.currency, model=found.model, instead_of=found.instead_of,
        input_tokens=found.amounts.input_tokens, output_tokens=found.amounts.output_tokens, paid=f"{found.paid:f}",
        would_have_cost=f"{found.would_have:f}", unknown=list(UNKNOWABLE),
    )  # fmt: skip


def _forecast(found: FoundForecast) -> Forecast:
    return Forecast(
        expected=_about(found.expected), low=_about(found.low), high=None if found.high is None else _about(found.high),
        month_over=round(found.share, 4), by_weekday=found.by_weekday,
    )  # fmt: skip


def _today(found: Standing) -> Today:
    return Today(cost=_about(found.cost), usual=_about(found.median), score=round(found.score, 2), unusual=found.unusual)


_NO_PRICES = Notice(
    code="prices_not_set",
    message="Prices of machines are not set, so that only language models cost anything here: see DIARIST_COSTS__CORE_HOUR, "
    "__GPU_HOUR, __GB_MONTH, __GB_IN and __GB_OUT.",
)


def _dearest(cells: Any, key: Callable[[Cell], K]) -> list[tuple[K, Sum]]:
    return sorted(grouped(cells, key).items(), key=lambda one: -one[1].cost)


def _line(one: Sum) -> dict[str, Any]:
    parts = {part: f"{cost:f}" for part, cost in one.parts.items()}
    return {"cost": f"{one.cost:f}", "parts": parts, "used": _used(one.amounts)}


def _used(amounts: Amounts) -> Used:
    return Used(
        core_seconds=round(amounts.cpu_seconds, 3), gpu_seconds=round(amounts.gpu_seconds, 3), input_tokens=amounts.input_tokens,
        output_tokens=amounts.output_tokens, gb_months=round(amounts.gb_months, 6), bytes_in=amounts.bytes_in,
        bytes_out=amounts.bytes_out,
    )  # fmt: skip


def _prices(prices: CostSettings) -> Prices:
    names = ("core_hour", "gpu_hour", "gb_month", "gb_in", "gb_out")
    return Prices(given=prices.given, **{name: f"{getattr(prices, name):f}" for name in names})


def _about(money: float) -> str:
    """Of what is computed with floating point."""
    return f"{money:.6f}"
