"""What a question may cost and take with each model, as things stand: what the choice is made of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.llm.asking import Ask
from diarist.llm.breaker import closed_in
from diarist.llm.candidates import ModelCard, Standing
from diarist.llm.circuits import Circuits
from diarist.llm.measurements import measured_of
from diarist.llm.measuring import UNMEASURED, Measured, quality
from diarist.llm.money import Tokens, cost
from diarist.llm.texts import Text, Texts
from diarist.llm.tokens import at_most, likely
from diarist.ports.language_model import Correction

_USUAL = 0.5
"""Share of the tokens that an answer may have which it is expected to have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Tokens of a question to one model."""

    likely: int
    at_most: int
    output: int
    """The most that the answer may have."""
    unmaskable: bool = False


class Scales:
    """Weighs models by what was seen of them: how they answer, and whether they are left alone for now."""

    def __init__(self, circuits: Circuits, database: Database, quality_counts_as: float) -> None:
        """`quality_counts_as`: see `settings.llm.LlmSettings`."""
        self._circuits = circuits
        self._database = database
        self._counts_as = quality_counts_as

    async def standings(
        self, cards: Sequence[ModelCard], ask: Ask[Any], texts: Texts, schema: Mapping[str, Any]
    ) -> list[Standing]:
        """For a question; of a text that cannot be masked, nothing leaves."""

        def size(card: ModelCard) -> Size:
            text = texts.of(card)
            sent = text or texts.plain
            return Size(
                likely=likely(ask.system, sent.text), at_most=input_at_most(ask, sent, schema), output=ask.max_output_tokens,
                unmaskable=text is None,
            )  # fmt: skip

        return await self.weigh(cards, size)

    async def weigh(self, cards: Sequence[ModelCard], size: Callable[[ModelCard], Size]) -> list[Standing]:
        """For what `size` says of each."""
        if not cards:
            return []
        async with self._database.look() as session:
            known = await measured_of(session, [card.name for card in cards])
        return [await self._standing(card, size(card), known.get(card.name, UNMEASURED)) for card in cards]

    async def _standing(self, card: ModelCard, size: Size, measured: Measured) -> Standing:
        return Standing(
            card=card,
            expected_cost=cost(card, Tokens(input=size.likely, output=round(size.output * _USUAL))),
            most_cost=cost(card, Tokens(input=size.at_most, output=size.output)),
            quality=quality(measured, card.quality, self._counts_as, utc_now()),
            measured=measured,
            closed_in=closed_in(await self._circuits.get(card.name), time.time()),
            unmaskable=size.unmaskable,
        )


def input_at_most(ask: Ask[Any], text: Text, schema: Mapping[str, Any], correction: Correction | None = None) -> int:
    """Tokens that a question cannot exceed; its schema twice, as some providers put it in words as well."""
    added = [correction.answer, correction.complaint] if correction else []
    return at_most(ask.system, text.text, *[json.dumps(schema)] * 2, *added)


def corrected(standing: Standing, ask: Ask[Any], text: Text, schema: Mapping[str, Any], correction: Correction) -> Standing:
    """The same for asking once more about an answer."""
    tokens = Tokens(input=input_at_most(ask, text, schema, correction), output=ask.max_output_tokens)
    return replace(standing, most_cost=cost(standing.card, tokens) or Decimal(0))
