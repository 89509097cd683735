"""What stands on a receipt of the models that were thought of: why this one, and why not the others."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from diarist.llm.asking import Hop
from diarist.llm.candidates import ModelCard, Ranked
from diarist.ports.language_model import Outcome

if TYPE_CHECKING:
    from diarist.llm.trail import Trail


class Decision(StrEnum):
    """What became of a model."""

    ANSWERED = "answered"
    """Its answer was used."""
    FAILED = "failed"
    """It was asked, and its answers could not be used."""
    ASKED = "asked"
    """It was asked, and the process ended before the answer came."""
    NOT_NEEDED = "not_needed"
    """It would have been next."""
    REJECTED = "rejected"
    """It could not be asked, or may not be."""


def candidates_to_json(trail: Trail[Any]) -> list[dict[str, Any]]:
    """Those that may be asked in their order, then the others; money as text."""
    if trail.choice is None:
        return []
    ranked = [_ranked(one, place, trail) for place, one in enumerate(trail.choice.ranked, start=1)]
    rejected = [_told(one.card, Decision.REJECTED, one.code, one.reason) for one in trail.choice.rejected]
    return [*ranked, *rejected]


def _ranked(one: Ranked, place: int, trail: Trail[Any]) -> dict[str, Any]:
    standing, card = one.standing, one.standing.card
    decision, code, reason = _outcome(card, place, trail)
    return _told(card, decision, code, reason) | {
        "score": round(one.score, 4),
        "parts": {name: round(part, 4) for name, part in one.parts.items()},
        "quality": round(standing.quality, 1),
        "expected_cost_usd": None if standing.expected_cost is None else f"{standing.expected_cost:f}",
        "expected_seconds": None if standing.measured.seconds is None else round(standing.measured.seconds, 3),
    }


def _outcome(card: ModelCard, place: int, trail: Trail[Any]) -> tuple[Decision, str, str]:
    if card.name in trail.not_asked:
        return Decision.REJECTED, *trail.not_asked[card.name]
    hops = [hop for hop in trail.hops if hop.name == card.name]
    if not hops:
        return Decision.NOT_NEEDED, "", _why_not(trail)
    last = hops[-1].outcome
    if last is Outcome.ANSWERED:
        return Decision.ANSWERED, "", _why(place)
    if last is Outcome.ASKED:
        return Decision.ASKED, last.value, "it was asked"
    return Decision.FAILED, last.value, _calls(hops)


def _why(place: int) -> str:
    return "it has the best score" if place == 1 else "it has the best score of those that were left"


def _why_not(trail: Trail[Any]) -> str:
    if any(hop.outcome is Outcome.ANSWERED for hop in trail.hops):
        return "one with a better score answered"
    return "one with a better score was asked" if trail.rest > 0 else "there was no time left"


def _calls(hops: Sequence[Hop]) -> str:
    return f"it was asked, and did not answer well: {', '.join(hop.outcome.value for hop in hops)}"


def _told(card: ModelCard, decision: Decision, code: str, reason: str) -> dict[str, Any]:
    return {
        "provider": card.provider,
        "model": card.model,
        "region": card.region.value,
        "decision": decision.value,
        "code": code,
        "reason": reason,
        "score": None,
        "parts": {},
        "quality": None,
        "expected_cost_usd": None,
        "expected_seconds": None,
    }
