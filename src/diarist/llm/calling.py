"""Makes one call: the breaker lets it through, its cost is promised, it is made, and what it came to is written down."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.session import Database
from diarist.domain.events import Event, EventKind
from diarist.errors import BudgetSpent, Misconfigured
from diarist.llm import breaker, budget
from diarist.llm.asking import Hop
from diarist.llm.candidates import Standing
from diarist.llm.circuits import Circuits
from diarist.llm.measurements import count_statements, count_time
from diarist.llm.measuring import UNREADABLE
from diarist.llm.money import Tokens, cost
from diarist.llm.providers import Providers
from diarist.llm.receipts import write_receipt
from diarist.llm.texts import Text
from diarist.llm.tracing import calling, note_reply
from diarist.llm.trail import Trail
from diarist.ports.event_bus import EventBus
from diarist.ports.language_model import CallFailed, Correction, Outcome, Question, Reply
from diarist.telemetry.metrics.llm import LlmMetrics

MAYBE_BILLED = frozenset({Outcome.TIMED_OUT, Outcome.CUT})
"""The provider may have done the work all the same."""

UNREADABLE_ANSWERS = frozenset({Outcome.INVALID, Outcome.UNKNOWN_PLACEHOLDER})
"""They may be mended, and count against the quality of the model; of one that refuses, or is cut off, nothing is known."""

_FAIR = 10.0
"""Seconds; a model that had less, for the deadline was near, is not to blame for being late."""

log = structlog.get_logger(__name__)


class NotAsked(Exception):
    """No call was made; the message says why, the code says it to machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a call came to, before its answer is judged."""

    hop: Hop
    reply: Reply | None
    retry_after: float | None
    reservation_id: UUID


class Caller:
    """Makes calls for one event loop."""

    def __init__(
        self, database: Database, providers: Providers, circuits: Circuits, rules: breaker.Rules, events: EventBus | None,
        metrics: LlmMetrics,
    ) -> None:  # fmt: skip
        self._database = database
        self._providers = providers
        self._circuits = circuits
        self._rules = rules
        self._events = events
        self.metrics = metrics

    async def call(
        self, trail: Trail[Any], standing: Standing, text: Text, schema: Mapping[str, Any], correction: Correction | None
    ) -> Called:
        """Ask once; raises `NotAsked`. Whoever calls it judges the reply, and has it settled."""
        card = standing.card
        try:
            provider = await self._providers.provider(card.provider)
        except Misconfigured as error:
            raise NotAsked(error.code, f"{error.message}. {error.advice}") from error
        if not await self._circuits.change(card.name, lambda one: breaker.admitted(one, time.time(), self._rules)):
            raise NotAsked("breaker", "it failed, and is left alone for now")
        hop = Hop(
            provider=card.provider, model=card.model, region=card.region, outcome=Outcome.ASKED, repair=correction is not None
        )
        reservation_id = await self._promise(trail, standing, text, hop)
        question = Question(
            model=card.model, system=trail.ask.system, prompt=text.text, schema=schema, correction=correction,
            max_output_tokens=trail.ask.max_output_tokens, temperature=card.temperature, extra=card.extra,
            timeout=max(0.001, min(card.timeout, trail.rest)),
        )  # fmt: skip
        started, reply, retry_after, status = time.monotonic(), None, None, None
        outcome = Outcome.ASKED
        trail.replied = False
        try:
            with calling(trail, card, question) as told:
                try:
                    reply = await provider.ask(question)
                    trail.replied, outcome = True, reply.outcome
                except CallFailed as error:
                    trail.replied = True
                    outcome, retry_after, status = error.outcome, error.retry_after, error.status
                note_reply(told, reply, outcome, status)
        finally:
            hurried = outcome is Outcome.TIMED_OUT and question.timeout < min(card.timeout, _FAIR)
            await self._report(card.name, Outcome.ASKED if hurried else outcome, retry_after)
            self.metrics.left(text.counts)
        seconds = time.monotonic() - started
        hop = replace(_priced(hop, standing, reply, outcome), outcome=outcome, seconds=seconds, status=status)
        trail.hops[-1] = hop
        return Called(hop=hop, reply=reply, retry_after=retry_after, reservation_id=reservation_id)

    async def settle(self, trail: Trail[Any], called: Called, outcome: Outcome, *, state: str = "asking") -> None:
        """Write down what a call came to after all, and what it cost."""
        hop = replace(called.hop, outcome=outcome)
        trail.hops[-1] = hop
        answered = hop if outcome is Outcome.ANSWERED else None
        async with self._database.write() as session:
            paid = hop.cost_usd + hop.may_have_cost_usd
            warned = await budget.settle(session, called.reservation_id, trail.account.budget, paid)
            await write_receipt(session, trail, state, answered_by=answered)
            await _count(session, called, outcome)
        self.metrics.called(
            hop.provider, hop.model, outcome=outcome.value, seconds=hop.seconds, cost=float(hop.cost_usd),
            tokens={"input": hop.input_tokens, "output": hop.output_tokens}, uncertain=float(hop.may_have_cost_usd),
        )  # fmt: skip
        log.info(
            "llm.called", provider=hop.provider, model=hop.model, outcome=outcome.value, seconds=round(hop.seconds, 3),
            purpose=trail.ask.purpose, receipt_id=str(trail.receipt_id),
        )  # fmt: skip
        for warning in warned:
            await self._warn(trail, warning)

    async def _promise(self, trail: Trail[Any], standing: Standing, text: Text, hop: Hop) -> UUID:
        left_last, trail.text = trail.text, text
        trail.hops.append(hop)
        try:
            async with self._database.write() as session:
                await write_receipt(session, trail, "asking")
                await session.flush()
                return await budget.reserve(
                    session, trail.account.id, trail.account.budget, trail.receipt_id, standing.most_cost or Decimal(0)
                )
        except BaseException as error:
            trail.hops.pop()
            trail.text = left_last
            await self._report(standing.card.name, Outcome.ASKED, None)
            if isinstance(error, BudgetSpent):
                raise NotAsked("budget", error.message) from error
            raise

    async def _report(self, name: str, outcome: Outcome, retry_after: float | None) -> None:
        """Tell the breaker; `ASKED` gives back what it let through."""

        def change(circuit: breaker.Circuit) -> tuple[breaker.Circuit, tuple[float | None, bool]]:
            changed = breaker.after(circuit, outcome, time.time(), self._rules, retry_after)
            return changed, (changed.open_until, changed.open_until is not None and circuit.open_until is None)

        open_until, opened = await self._circuits.change(name, change)
        provider, _, model = name.partition("/")
        self.metrics.circuit(provider, model, open_until, opened=opened)
        if opened:
            log.warning("llm.breaker_opened", model=name, outcome=outcome.value)

    async def _warn(self, trail: Trail[Any], warning: budget.Warned) -> None:
        data = {"period": warning.period, "spent_usd": float(warning.spent), "limit_usd": float(warning.limit)}
        log.warning("llm.budget_nearly_spent", account_id=str(trail.account.id), **data)
        if self._events is not None:
            await self._events.publish(Event(kind=EventKind.BUDGET_NEARLY_SPENT, account_id=trail.account.id, data=data))


async def _count(session: AsyncSession, called: Called, outcome: Outcome) -> None:
    """Remember how long the model took, and an answer that nobody can read."""
    name = called.hop.name
    if called.reply is not None:
        await count_time(session, name, called.hop.seconds)
    if outcome in UNREADABLE_ANSWERS:
        await count_statements(session, name, said=UNREADABLE, passed=0)


def _priced(hop: Hop, standing: Standing, reply: Reply | None, outcome: Outcome) -> Hop:
    """What a call cost for certain, and what it may have cost besides."""
    if reply is None:
        most = (standing.most_cost or Decimal(0)) if outcome in MAYBE_BILLED else Decimal(0)
        return replace(hop, may_have_cost_usd=most)
    tokens = Tokens(input=reply.input_tokens, output=reply.output_tokens, cached=reply.cached_tokens)
    paid = cost(standing.card, tokens) or Decimal(0)
    return replace(hop, input_tokens=tokens.input, output_tokens=tokens.output, cost_usd=paid)
