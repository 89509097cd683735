"""Asks the best language model that may be asked, and the next one when that fails."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic

from diarist.database.session import Database
from diarist.domain.privacy import Region
from diarist.errors import Misconfigured, NoModelAnswered
from diarist.llm import budget
from diarist.llm.asking import Answer, Ask, Asker, Hop, T
from diarist.llm.cache import Answers, Flights, Kept
from diarist.llm.calling import Called, Caller
from diarist.llm.candidates import PRESETS, Choice, ModelCard, Need, Standing, Weights, choose, static_refusal
from diarist.llm.measurements import count_statements
from diarist.llm.persistence import Asking
from diarist.llm.providers import model_cards
from diarist.llm.reading import Unusable, read_answer
from diarist.llm.receipts import write_receipt
from diarist.llm.texts import Text, Texts, cache_key, texts_of
from diarist.llm.tokens import likely, most_of
from diarist.llm.tracing import asking, note_answer
from diarist.llm.trail import Trail
from diarist.llm.weighing import Scales, Size
from diarist.ports.language_model import Outcome
from diarist.settings.llm import LlmSettings, ProviderSettings
from diarist.telemetry.metrics.llm import LlmMetrics

if TYPE_CHECKING:
    from diarist.llm.masking.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked(Generic[T]):
    """One question on its way."""

    trail: Trail[T]
    cards: Sequence[ModelCard]
    need: Need
    texts: Texts
    schema: Mapping[str, Any]
    keys: Mapping[Text, str]
    """Of the cache, by the text that is sent."""


class Router:
    """Opened by `opening.open_router`, one for each event loop; imports nothing heavy before it is first asked."""

    def __init__(
        self, settings: LlmSettings, providers: Sequence[ProviderSettings], database: Database, caller: Caller, scales: Scales,
        answers: Answers, metrics: LlmMetrics,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._providers = providers
        self._database = database
        self._caller = caller
        self._scales = scales
        self._answers = answers
        self._metrics = metrics
        self._flights = Flights(answers)
        self._chance = random.Random()  # noqa: S311 - spreads retries; it protects nothing
        self._cards: list[ModelCard] | None = None

    @property
    def configured(self) -> bool:
        """Whether there is any model that could be asked, for some account."""
        return bool(self._providers)

    async def ask(self, ask: Ask[T], *, account: Asker, vault: Vault | None = None) -> Answer[T]:
        """A valid answer; `vault` masks what leaves and unmasks the answer, where the account's policy says so.

        Raises `NoModelAnswered`, with the calls that were made and why others were not, when no provider is configured, none
        may be asked, or all failed.
        """
        try:
            cards = await self.cards()
        except Misconfigured as error:
            raise NoModelAnswered(error.message, advice=error.advice) from error
        need = Need(
            input_tokens=likely(ask.system, ask.prompt), output_tokens=ask.max_output_tokens, quality=ask.quality,
            privacy=account.privacy, model=account.model,
        )  # fmt: skip
        allowed = [card for card in cards if static_refusal(card, need) is None]
        schema = ask.answer.model_json_schema()
        texts = await texts_of(ask, account, vault, allowed)
        names = [card.name for card in allowed]
        sent = dict.fromkeys(text for text in map(texts.of, allowed) if text is not None)
        keys = {text: cache_key(ask, account, text, names, schema) for text in sent}
        asked = _Asked(
            trail=Trail(ask=ask, account=account, text=texts.plain), cards=cards, need=need, texts=texts, schema=schema, keys=keys
        )  # fmt: skip
        with asking(ask, asked.trail) as told:
            answer = await self._answer(asked)
            note_answer(told, answer)
        return answer

    async def _answer(self, asked: _Asked[T]) -> Answer[T]:
        if not asked.keys:
            return await self._fresh(asked)
        async with self._flights.one_at_a_time(min(asked.keys.values()), asked.trail.ask.deadline):
            return await self._kept(asked) or await self._fresh(asked)

    async def explain(self, account: Asker, *, input_tokens: int, output_tokens: int, quality: int = 0) -> Choice:
        """Which models would be asked now, in which order, and why not the others; as if the text could be masked."""
        need = Need(
            input_tokens=input_tokens, output_tokens=output_tokens, quality=quality, privacy=account.privacy,
            budget_left=await self._budget_left(account), model=account.model,
        )  # fmt: skip
        size = Size(likely=input_tokens, at_most=most_of(input_tokens), output=output_tokens)
        return choose(await self._scales.weigh(await self.cards(), lambda _: size), need, self._weights(account))

    async def preferred(self, account: Asker, *, input_tokens: int, output_tokens: int) -> ModelCard | None:
        """Which model an account would have asked first if all were well and paid for; None where it may ask none.

        What is read at once is cut for this one: whoever is left alone for now must not change the questions of a task that runs
        again, for then it would not find its answers.
        """
        size = Size(likely=input_tokens, at_most=most_of(input_tokens), output=output_tokens)
        standings = [replace(one, closed_in=0.0) for one in await self._scales.weigh(await self.cards(), lambda _: size)]
        need = Need(
            input_tokens=input_tokens, output_tokens=output_tokens, quality=0, privacy=account.privacy, model=account.model
        )  # fmt: skip
        ranked = choose(standings, need, self._weights(account)).ranked
        return ranked[0].standing.card if ranked else None

    async def standings(self) -> list[Standing]:
        """Every model with its breaker and what was measured of it, and what a thousand tokens in and out cost."""
        return await self._scales.weigh(await self.cards(), lambda _: Size(likely=1000, at_most=1000, output=1000))

    async def judge(self, answer: Answer[Any], *, said: int, passed: int) -> None:
        """Tell how many statements an answer held and how many of them were proven; the quality of its model follows from it.

        An answer that was there from before was judged before.
        """
        if said and not answer.cached:
            async with self._database.write() as session:
                await count_statements(session, f"{answer.provider}/{answer.model}", said=said, passed=passed)

    async def spent(self, account: Asker) -> budget.Spent:
        """What an account has spent and promised, today and this month."""
        async with self._database.look() as session:
            return await budget.spent_by(session, account.id)

    async def cards(self) -> Sequence[ModelCard]:
        """Every model that is configured; raises `Misconfigured` when what knows their prices is not installed."""
        if self._cards is None:
            self._cards = await asyncio.to_thread(model_cards, self._providers, self._settings)
        return self._cards

    async def _kept(self, asked: _Asked[T]) -> Answer[T] | None:
        """The answer that the same question got before."""
        trail = asked.trail
        for text, key in asked.keys.items():
            kept = await self._answers.get(key)
            if kept is None:
                continue
            try:
                value = read_answer(kept.text, trail.ask.answer, text.vault)
            except Unusable:
                continue
            trail.text = text
            by = Hop(provider=kept.provider, model=kept.model, region=Region(kept.region), outcome=Outcome.ANSWERED)
            async with self._database.write() as session:
                await write_receipt(session, trail, "answered", answered_by=by, cached=True)
            self._metrics.cache.add("hit")
            return Answer(
                value=value, provider=kept.provider, model=kept.model, cost_usd=Decimal(0), input_tokens=0, output_tokens=0,
                cached=True, receipt_id=trail.receipt_id,
            )  # fmt: skip
        return None

    async def _fresh(self, asked: _Asked[T]) -> Answer[T]:
        trail = asked.trail
        self._metrics.cache.add("miss")
        standings = await self._scales.standings(asked.cards, trail.ask, asked.texts, asked.schema)
        need = replace(asked.need, budget_left=await self._budget_left(trail.account))
        choice = trail.choice = choose(standings, need, self._weights(trail.account))
        for place, ranked in enumerate(choice.ranked, start=1):
            text = asked.texts.of(ranked.standing.card)
            if text is None:  # choose has rejected these
                continue

            async def keep(called: Called, key: str = asked.keys[text]) -> None:
                reply, hop = called.reply, called.hop
                if reply is not None and self._settings.cache_days:
                    kept = Kept(text=reply.text, provider=hop.provider, model=hop.model, region=hop.region.value)
                    await self._answers.put(key, kept)

            asking = Asking(
                trail=trail, schema=asked.schema, standing=ranked.standing, text=text, last=place == len(choice.ranked),
                keep=keep,
            )  # fmt: skip
            found = await asking.answer(self._caller, self._settings.tries, self._chance)
            if found is not None:
                value, called = found
                return Answer(
                    value=value, provider=called.hop.provider, model=called.hop.model, cost_usd=trail.cost,
                    input_tokens=trail.input_tokens, output_tokens=trail.output_tokens, cached=False, receipt_id=trail.receipt_id,
                )  # fmt: skip
            if not asking.last and ranked.standing.card.name not in trail.not_asked:
                self._metrics.failovers.add(ranked.standing.card.provider, ranked.standing.card.model)
        raise await self._given_up(trail)

    async def _given_up(self, trail: Trail[Any]) -> NoModelAnswered:
        if trail.choice and (trail.choice.ranked or trail.choice.rejected):
            async with self._database.write() as session:
                await write_receipt(session, trail, "failed")
        failed = [f"{hop.name}: {hop.outcome.value}" for hop in trail.hops]
        reasons = [*failed, *(f"{name}: {reason}" for name, reason in trail.rejected.items())]
        if not reasons:
            return NoModelAnswered(
                "no language model is configured",
                advice="DIARIST_LLM__ENABLED and DIARIST_LLM__PROVIDERS bring some; nothing leaves this machine before.",
            )
        return NoModelAnswered(
            f"no language model answered for {trail.ask.purpose}: {'; '.join(reasons)}", hops=trail.hops, rejected=trail.rejected,
            receipt_id=trail.receipt_id,
        )  # fmt: skip

    async def _budget_left(self, account: Asker) -> Decimal | None:
        async with self._database.look() as session:
            return await budget.left(session, account.id, account.budget)

    def _weights(self, account: Asker) -> Weights:
        given = self._settings.weights
        if account.preset is not None or given is None:
            return PRESETS[account.preset or self._settings.preset]
        return Weights(cost=given.cost, latency=given.latency, quality=given.quality, privacy=given.privacy)
