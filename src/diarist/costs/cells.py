"""The smallest pieces that costs are told in, and their sums: every view of a month is a regrouping of the same pieces. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from diarist.settings.costs import CostSettings

_BILLIONTH = Decimal(10) ** -9
_HOUR = 3600
_GB = 10**9
_MONTH_HOURS, _DAY_HOURS = 730, 24

K = TypeVar("K", bound=Hashable)


class Part(StrEnum):
    """What money goes to."""

    COMPUTE = "compute"
    LLM = "llm"
    STORAGE = "storage"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What was used, whatever it cost."""

    cpu_seconds: float = 0.0
    """Of one core."""
    gpu_seconds: float = 0.0
    """Of one graphics card."""
    input_tokens: int = 0
    output_tokens: int = 0
    byte_days: int = 0
    """Bytes that lay in the object store at the end of a day, added up over days."""
    bytes_in: int = 0
    bytes_out: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(**{name: getattr(self, name) + getattr(other, name) for name in Amounts.__dataclass_fields__})

    @property
    def gb_months(self) -> float:
        """Of storage; gigabytes of 10^9 bytes, months of 730 hours."""
        return self.byte_days / _GB * _DAY_HOURS / _MONTH_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one thing took on one day."""

    account_id: UUID
    day: date
    part: Part
    of: str
    """The stage; of a language model, what was asked for; `kept` or `moved`."""
    model: str | None = None
    """`provider/model`."""
    amounts: Amounts
    cost: Decimal
    """In the currency of the settings, in whole billionths, so that sums are exact."""


def computed(prices: CostSettings, amounts: Amounts) -> Decimal:
    """What processors cost."""
    cores, cards = Decimal(amounts.cpu_seconds), Decimal(amounts.gpu_seconds)
    return _rounded((cores * prices.core_hour + cards * prices.gpu_hour) / _HOUR)


def asked(prices: CostSettings, usd: Decimal) -> Decimal:
    """What language models cost."""
    return _rounded(usd * (prices.usd or 1))


def kept(prices: CostSettings, amounts: Amounts) -> Decimal:
    """What storage costs."""
    return _rounded(Decimal(amounts.byte_days) / _GB * _DAY_HOURS / _MONTH_HOURS * prices.gb_month)


def moved(prices: CostSettings, amounts: Amounts) -> Decimal:
    """What the network costs."""
    return _rounded((amounts.bytes_in * prices.gb_in + amounts.bytes_out * prices.gb_out) / _GB)


@dataclass(slots=True)
class Sum:
    """Of some cells."""

    amounts: Amounts = field(default_factory=Amounts)
    parts: dict[Part, Decimal] = field(default_factory=lambda: dict.fromkeys(Part, Decimal(0)))

    @property
    def cost(self) -> Decimal:
        """All parts together."""
        return sum(self.parts.values(), Decimal(0))


def summed(cells: Iterable[Cell]) -> Sum:
    """Of all of them."""
    return grouped(cells, lambda _: None).get(None, Sum())


def grouped(cells: Iterable[Cell], key: Callable[[Cell], K]) -> Mapping[K, Sum]:
    """By what `key` says of each, in the order in which that came first."""
    found: dict[K, Sum] = {}
    for cell in cells:
        one = found.setdefault(key(cell), Sum())
        one.amounts += cell.amounts
        one.parts[cell.part] += cell.cost
    return found


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_BILLIONTH)
