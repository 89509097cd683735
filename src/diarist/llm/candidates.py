"""Chooses among models: those that may not be asked fall away, each for a reason; the others are put in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from diarist.domain.privacy import Privacy, Region
from diarist.llm.measuring import UNMEASURED, Measured
from diarist.llm.money import Priced


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard(Priced):
    """A model that is configured."""

    provider: str
    context_tokens: int
    quality: int
    """By the settings; see `Standing.quality`."""
    temperature: float | None = None
    timeout: float = 120.0
    at_once: int = 4
    """Questions of one entry that it is asked at the same time."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Goes with each question."""
    unusable: str | None = None
    """Why it cannot be asked at all, such as for a file that is not there."""

    @property
    def name(self) -> str:
        """`provider/model`."""
        return f"{self.provider}/{self.model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a question needs, and what its account allows."""

    input_tokens: int
    """What is likely."""
    output_tokens: int
    """The most that the answer may have."""
    quality: int
    privacy: Privacy
    budget_left: Decimal | None = None
    """USD; None for no limit."""
    model: str | None = None
    """`provider/model`: the only one that may be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A model as it is now, for one question."""

    card: ModelCard
    expected_cost: Decimal | None
    """USD; None when nobody knows its price."""
    most_cost: Decimal | None
    """What it cannot exceed."""
    quality: float
    """0 to 100: what the settings say of it, and what was measured, together."""
    measured: Measured = UNMEASURED
    closed_in: float = 0.0
    """Seconds for which its breaker is open."""
    unmaskable: bool = False
    """Whether its text would have to be masked and cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What counts, each 0 to 1."""

    cost: float
    latency: float
    quality: float
    privacy: float


PRESETS: Mapping[str, Weights] = MappingProxyType(
    {
        "cheap": Weights(cost=0.8, latency=0.05, quality=0.15, privacy=0.0),
        "balanced": Weights(cost=0.35, latency=0.2, quality=0.45, privacy=0.0),
        "best": Weights(cost=0.05, latency=0.05, quality=0.9, privacy=0.0),
        "private": Weights(cost=0.05, latency=0.05, quality=0.1, privacy=0.8),
    }
)
_PLACES = {Region.SELF_HOSTED: "self-hosted", Region.EU: "in the EU", Region.ANYONE: "anywhere"}
_READERS = {
    Privacy.NOBODY: "nobody",
    Privacy.SELF_HOSTED: "self-hosted models only",
    Privacy.EU: "the EU only",
    Privacy.ANYONE: "anyone",
}
_EXPOSURE = {Region.SELF_HOSTED: 0.0, Region.EU: 0.5, Region.ANYONE: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A model that may be asked."""

    standing: Standing
    score: float
    """The less the better."""
    parts: Mapping[str, float]
    """What makes the score, weighted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A model that may not be asked."""

    card: ModelCard
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best first; equals in the order of the settings."""

    ranked: Sequence[Ranked]
    rejected: Sequence[Rejected]


def choose(standings: Iterable[Standing], need: Need, weights: Weights) -> Choice:
    """Put the models in the order in which they are asked."""
    fit: list[Standing] = []
    rejected: list[Rejected] = []
    for standing in standings:
        refusal = static_refusal(standing.card, need) or _refusal(standing, need)
        if refusal is None:
            fit.append(standing)
        else:
            rejected.append(Rejected(card=standing.card, code=refusal[0], reason=refusal[1]))
    dearest = max((standing.expected_cost or Decimal(0) for standing in fit), default=Decimal(0))
    measured = [standing.measured.seconds for standing in fit if standing.measured.seconds is not None]
    ranked = [_ranked(standing, weights, dearest, measured) for standing in fit]
    return Choice(ranked=sorted(ranked, key=lambda one: one.score), rejected=rejected)


def static_refusal(card: ModelCard, need: Need) -> tuple[str, str] | None:
    """Why a model may not be asked, however well it is: a name for machines and a reason for people."""
    if need.model not in {None, card.name}:
        return "not_chosen", f"{need.model} was asked for"
    if card.unusable is not None:
        return "unusable", card.unusable
    if not need.privacy.admits(card.region):
        return "privacy", f"it is {_PLACES[card.region]}, and the text may go to {_READERS[need.privacy]}"
    if card.context_tokens < need.input_tokens + need.output_tokens:
        wanted = f"{need.input_tokens} in and up to {need.output_tokens} out"
        return "context", f"it takes {card.context_tokens} tokens, and this has about {wanted}"
    return None


def _refusal(standing: Standing, need: Need) -> tuple[str, str] | None:
    if standing.quality < need.quality:
        return "quality", f"its quality is {standing.quality:.0f}, and {need.quality} is needed"
    if standing.unmaskable:
        return "masking", "the text would have to be masked for it, and cannot be"
    if standing.most_cost is None:
        return "price", "nobody knows its price; give one in DIARIST_LLM__PROVIDERS"
    if standing.closed_in > 0:
        return "breaker", f"it failed, and is left alone for {standing.closed_in:.0f} s more"
    if need.budget_left is not None and standing.most_cost > need.budget_left:
        return (
            "budget",
            f"it may cost up to {standing.most_cost:.6f} USD, and {max(need.budget_left, Decimal(0)):.6f} USD are left",
        )
    return None


def _ranked(standing: Standing, weights: Weights, dearest: Decimal, measured: Sequence[float]) -> Ranked:
    """Costs and times are shares of the highest among those that may be asked; who was not timed yet counts as the fastest."""
    slowest, seconds = max(measured, default=0.0), standing.measured.seconds
    parts = {
        "cost": weights.cost * (float((standing.expected_cost or Decimal(0)) / dearest) if dearest else 0.0),
        "latency": weights.latency * ((min(measured) if seconds is None else seconds) / slowest) if slowest else 0.0,
        "quality": weights.quality * (1 - standing.quality / 100),
        "privacy": weights.privacy * _EXPOSURE[standing.card.region],
    }
    return Ranked(standing=standing, score=sum(parts.values()), parts=parts)
