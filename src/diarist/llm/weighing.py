"""What a question may cost and take with each model, as things stand: what the choice is made of."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from diarist.llm.asking import Ask
from diarist.llm.breaker import closed_in
from diarist.llm.candidates import ModelCard, Standing
from diarist.llm.circuits import Circuits
from diarist.llm.latency import Latencies
from diarist.llm.money import Tokens, cost
from diarist.llm.texts import Text, Texts
from diarist.llm.tokens import at_most, likely
from diarist.ports.language_model import Correction

_USUAL = 0.5
"""Share of the tokens that an answer may have which it is expected to have."""


class Scales:
    """Weighs models by what this process has seen of them, and the fleet of their breakers."""

    def __init__(self, circuits: Circuits, latencies: Latencies) -> None:
        self._circuits = circuits
        self._latencies = latencies

    async def standings(
        self, cards: Sequence[ModelCard], ask: Ask[Any], texts: Texts, schema: Mapping[str, Any]
    ) -> list[Standing]:
        """For a question; of a text that cannot be masked, nothing leaves."""
        return [
            replace(
                await self.standing(
                    card,
                    likely=likely(ask.system, (texts.of(card) or texts.plain).text),
                    at_most=input_at_most(ask, texts.of(card) or texts.plain, schema),
                    output=ask.max_output_tokens,
                ),
                unmaskable=texts.of(card) is None,
            )
            for card in cards
        ]

    async def standing(self, card: ModelCard, *, likely: int, at_most: int, output: int) -> Standing:
        """For so many tokens in and up to so many out."""
        return Standing(
            card=card,
            expected_cost=cost(card, Tokens(input=likely, output=round(output * _USUAL))),
            most_cost=cost(card, Tokens(input=at_most, output=output)),
            seconds=self._latencies.of(card.name),
            closed_in=closed_in(await self._circuits.get(card.name), time.time()),
        )


def input_at_most(ask: Ask[Any], text: Text, schema: Mapping[str, Any], correction: Correction | None = None) -> int:
    """Tokens that a question cannot exceed; its schema twice, as some providers put it in words as well."""
    added = [correction.answer, correction.complaint] if correction else []
    return at_most(ask.system, text.text, *[json.dumps(schema)] * 2, *added)


def corrected(standing: Standing, ask: Ask[Any], text: Text, schema: Mapping[str, Any], correction: Correction) -> Standing:
    """The same for asking once more about an answer."""
    tokens = Tokens(input=input_at_most(ask, text, schema, correction), output=ask.max_output_tokens)
    return replace(standing, most_cost=cost(standing.card, tokens) or Decimal(0))
