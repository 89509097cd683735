"""Asks one model until it answers or there is no point: again when it was busy, once more when its answer was not valid."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from diarist.errors import MaskingFailed
from diarist.llm.asking import T
from diarist.llm.backoff import pause
from diarist.llm.calling import UNREADABLE_ANSWERS, Called, Caller, NotAsked
from diarist.llm.candidates import Standing
from diarist.llm.reading import Unusable, read_answer
from diarist.llm.texts import Text
from diarist.llm.trail import Trail
from diarist.llm.weighing import corrected
from diarist.ports.language_model import Correction, Outcome

_BUSY = frozenset({Outcome.RATE_LIMITED, Outcome.SERVER_FAILED, Outcome.UNREACHABLE, Outcome.CUT})
"""What may be over in a moment. An answer that took too long would do so again."""

Keep = Callable[[Called], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Generic[T]):
    """One question to one model."""

    trail: Trail[T]
    schema: Mapping[str, Any]
    standing: Standing
    text: Text
    last: bool
    """Whether no other model is left to be asked."""
    keep: Keep
    """Puts a valid answer into the cache, before anything else happens to it."""

    async def answer(self, caller: Caller, tries: int, chance: random.Random) -> tuple[T, Called] | None:
        """A valid answer and the call that brought it; None when this model gives none."""
        standing, correction, failures = self.standing, None, 0
        while self.trail.rest > 0:
            try:
                called, value = await self._attempted(caller, standing, correction)
            except NotAsked as error:
                self.trail.not_asked[standing.card.name] = (error.code, str(error))
                caller.metrics.not_asked.add(error.code)
                return None
            if not isinstance(value, Unusable):
                return value, called
            if correction is None and value.outcome in UNREADABLE_ANSWERS:
                correction = await self._correction(called, value)
                if correction is None:
                    return None
                standing = corrected(self.standing, self.trail.ask, self.text, self.schema, correction)
                continue
            failures += 1
            wait = pause(failures, called.retry_after, chance)
            if failures >= tries or not self._worth_waiting(value.outcome, called, wait):
                return None
            await asyncio.sleep(wait)
        return None

    async def _attempted(self, caller: Caller, standing: Standing, correction: Correction | None) -> tuple[Called, T | Unusable]:
        """One attempt. Once it is replied to, it is paid for: it goes to its end even if nobody waits for it any more."""
        attempt = asyncio.create_task(self._attempt(caller, standing, correction))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            if not self.trail.replied:
                attempt.cancel()
            await asyncio.gather(attempt, return_exceptions=True)
            raise

    async def _attempt(self, caller: Caller, standing: Standing, correction: Correction | None) -> tuple[Called, T | Unusable]:
        """Ask once, keep the answer if it is valid, and then write down what came of it."""
        called = await caller.call(self.trail, standing, self.text, self.schema, correction)
        try:
            value = self._read(called)
        except Unusable as error:
            await caller.settle(self.trail, called, error.outcome)
            return called, error
        await self.keep(called)
        await caller.settle(self.trail, called, Outcome.ANSWERED, state="answered")
        return called, value

    def _read(self, called: Called) -> T:
        if called.reply is None or called.hop.outcome is not Outcome.ANSWERED:
            raise Unusable(called.hop.outcome, "")
        return read_answer(called.reply.text, self.trail.ask.answer, self.text.vault)

    def _worth_waiting(self, outcome: Outcome, called: Called, wait: float) -> bool:
        """Another model is there at once; one that asks to wait, or may have been paid, is asked again only when none is left."""
        patient = self.last or (called.retry_after is None and outcome is not Outcome.CUT)
        return outcome in _BUSY and patient and wait < self.trail.rest

    async def _correction(self, called: Called, error: Unusable) -> Correction | None:
        """What was wrong; the words of a validator may repeat what was unmasked."""
        complaint = error.complaint
        if self.text.vault is not None:
            try:
                complaint = (await self.text.vault.mask(complaint)).text
            except MaskingFailed:
                return None
        return Correction(answer=called.reply.text if called.reply else "", complaint=complaint)
