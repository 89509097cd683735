"""What calls cost: by the prices in the settings, else by those that genai-prices knows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from diarist.domain.privacy import Region
from diarist.errors import Misconfigured

_BILLIONTH = Decimal(10) ** -9
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """In USD for a million tokens."""

    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a call took; `cached` is the part of `input` that the provider had read before."""

    input: int
    output: int
    cached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A model whose price is asked for."""

    kind: str
    """Of its provider, as genai-prices names it."""
    model: str
    region: Region
    price: Price | None
    """What the settings say."""


def cost(of: Priced, tokens: Tokens) -> Decimal | None:
    """USD; None when nobody knows. A model of one's own costs nothing, unless the settings say otherwise."""
    if of.price is not None:
        return (of.price.input * tokens.input + of.price.output * tokens.output) / _MILLION
    if of.region is Region.SELF_HOSTED:
        return Decimal(0)
    genai_prices = _library()
    usage = genai_prices.Usage(input_tokens=tokens.input, output_tokens=tokens.output, cache_read_tokens=tokens.cached)
    try:
        found: Decimal = genai_prices.calc_price(usage, of.model, provider_id=of.kind).total_price
    except LookupError:
        return None
    return found


def context_tokens(kind: str, model: str) -> int | None:
    """How many tokens a model takes, where genai-prices knows it."""
    genai_prices = _library()
    try:
        found: int | None = genai_prices.calc_price(genai_prices.Usage(), model, provider_id=kind).model.context_window
    except LookupError:
        return None
    return found


def to_billionths(usd: Decimal) -> int:
    """Whole billionths, rounded up, so that sums are exact on every database."""
    return int((usd / _BILLIONTH).to_integral_value(ROUND_CEILING))


def to_usd(billionths: int) -> Decimal:
    """The inverse."""
    return (billionths * _BILLIONTH).normalize() if billionths else Decimal(0)


def _library() -> Any:
    try:
        import genai_prices
    except ImportError as error:
        raise Misconfigured(
            "a language model is configured, but the prices of models are not installed",
            advice="`pip install 'diarist[llm]'` brings them.",
        ) from error
    return genai_prices
