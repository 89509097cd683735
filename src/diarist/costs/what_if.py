"""What a month of questions would have cost with another model: the tokens of receipts, by the price of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from diarist.costs.cells import Amounts, Cell, Part, asked, summed
from diarist.costs.scope import Scope
from diarist.costs.work import llm_cells
from diarist.domain.privacy import Region
from diarist.errors import InvalidInput
from diarist.llm.money import Price, Priced, Tokens, cost
from diarist.runtime import Runtime
from diarist.settings.llm import LlmSettings

UNKNOWABLE = (
    "Another model cuts the same text into another number of tokens, and may answer at greater length.",
    "It may be asked again more often, where its answers do not hold, or fail where this one did not.",
    "What a provider takes less for reading again what it has read before is not in it.",
)
"""What no receipt can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What was paid, and what would have been."""

    scope: Scope
    model: str
    """`provider/model` that was not asked."""
    instead_of: str | None
    """`provider/model` that was; None for all that were."""
    amounts: Amounts
    """Tokens of the questions that were asked."""
    paid: Decimal
    """As the next, in the currency of the settings."""
    would_have: Decimal


async def what_if(
    runtime: Runtime, account_id: UUID | None, month: date, model: str, instead_of: str | None = None
) -> WhatIf:  # fmt: skip
    """Of a month; raises `InvalidInput` for a model of which nobody knows the price."""
    priced, prices, scope = priced_by(runtime.settings.llm, model), runtime.settings.costs, Scope.month(month, account_id)
    async with runtime.database.read() as session:
        cells = [cell async for cell in llm_cells(session, scope, prices)]
    chosen = with_model(cells, instead_of)
    if instead_of is not None and not chosen:
        raise InvalidInput(
            f"{instead_of} was not paid in {scope.first:%Y-%m}", advice="`diarist costs --by model` shows which were."
        )
    whole = summed(chosen)
    amounts, paid = whole.amounts, whole.cost
    usd = cost(priced, Tokens(input=amounts.input_tokens, output=amounts.output_tokens))
    if usd is None:
        raise InvalidInput(
            f"nobody knows what {model} costs",
            advice="Give its price in DIARIST_LLM__PROVIDERS, or a name that genai-prices knows.",
        )
    return WhatIf(
        scope=scope, model=model, instead_of=instead_of, amounts=amounts, paid=paid, would_have=asked(prices, usd)
    )  # fmt: skip


def with_model(cells: Sequence[Cell], model: str | None) -> Sequence[Cell]:
    """What was paid for this model, or for any."""
    return [cell for cell in cells if cell.part is Part.LLM and model in {None, cell.model}]


def priced_by(settings: LlmSettings, name: str) -> Priced:
    """The model that is called `provider/model`: as the settings know it, else as genai-prices may. Raises `InvalidInput`."""
    provider, slash, model = name.partition("/")
    if not (provider and slash and model):
        raise InvalidInput(f"{name!r} is no model", advice="Give provider/model, such as openai/gpt-5-mini.")
    for one in settings.providers:
        for known in one.models if one.name == provider else ():
            if known.name == model:
                price = Price(input=known.price.input, output=known.price.output) if known.price else None
                return Priced(kind=one.kind, model=model, region=one.region, price=price)
    return Priced(kind=provider, model=model, region=Region.ANYONE, price=None)
