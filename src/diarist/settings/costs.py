"""What machines cost whoever runs them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

Price = Annotated[Decimal, Field(ge=0, le=1_000_000)]


class CostSettings(BaseModel):
    """Prices in one currency, by which `diarist costs` tells what was used; all are 0 until somebody sets them."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    """Code by ISO 4217, such as `EUR`."""
    usd: Annotated[Decimal, Field(gt=0, le=1_000_000)] | None = None
    """What a USD costs in this currency: language models are paid in USD. Needed for any other currency."""
    core_hour: Price = Decimal(0)
    """For one core that computes for an hour."""
    gpu_hour: Price = Decimal(0)
    """For one graphics card that computes for an hour."""
    gb_month: Price = Decimal(0)
    """For a gigabyte, 10^9 bytes, that lies in the object store for a month, 730 hours."""
    gb_in: Price = Decimal(0)
    """For a gigabyte that comes in."""
    gb_out: Price = Decimal(0)
    """For a gigabyte that goes out."""

    @model_validator(mode="after")
    def _dollars_are_known(self) -> Self:
        if self.currency != "USD" and self.usd is None:
            raise ValueError(f"costs.usd is needed: what a USD costs in {self.currency}")
        if self.currency == "USD" and self.usd not in {None, Decimal(1)}:
            raise ValueError("costs.usd is for other currencies than USD")
        return self

    @property
    def given(self) -> bool:
        """Whether there is any price of a machine."""
        return any((self.core_hour, self.gpu_hour, self.gb_month, self.gb_in, self.gb_out))
