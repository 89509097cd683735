"""What language models are asked, what comes of it, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from diarist.telemetry.metrics.catalogue import Catalogue, Counters, Gauges, Histograms

_ANSWERS = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_MODELS = 60
CLOSED, HALF_OPEN, OPEN = 0.0, 0.5, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmMetrics:
    """By provider and model, as the settings name them; never what was asked, nor for whom."""

    calls: Counters
    seconds: Histograms
    tokens: Counters
    cost: Counters
    uncertain_cost: Counters
    failovers: Counters
    not_asked: Counters
    cache: Counters
    breaker_openings: Counters
    breaker_state: Gauges
    masked: Counters
    _open_until: dict[tuple[str, str], float | None] = field(default_factory=dict)

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        labels = ("provider", "model")
        made = cls(
            calls=catalogue.counters(
                "diarist_llm_calls_total", "Calls of language models, by what came of them.", (*labels, "outcome")
            ),
            seconds=catalogue.histograms(
                "diarist_llm_call_duration_seconds",
                "Time of one call of a language model, up to the last byte.",
                labels,
                buckets=_ANSWERS,
                unit="seconds",
                most=_MODELS,
            ),
            tokens=catalogue.counters(
                "diarist_llm_tokens_total", "Tokens of calls, by `input` and `output`.", (*labels, "direction")
            ),
            cost=catalogue.counters(
                "diarist_llm_cost_usd_total", "What calls have cost, by the prices that are known.", labels, most=_MODELS
            ),
            uncertain_cost=catalogue.counters(
                "diarist_llm_uncertain_cost_usd_total",
                "What calls without an answer may have cost at most: the provider may have done the work all the same.",
                labels,
                most=_MODELS,
            ),
            failovers=catalogue.counters(
                "diarist_llm_failovers_total",
                "Questions that this model left without a good answer, so that the next one was tried.",
                labels,
                most=_MODELS,
            ),
            not_asked=catalogue.counters(
                "diarist_llm_not_asked_total",
                "Calls that were not made, by the reason: `breaker`, `budget`, or a code of misconfiguration.",
                ("reason",),
                most=40,
            ),
            cache=catalogue.counters(
                "diarist_llm_cache_requests_total",
                "Questions that were looked for among earlier answers, by whether one was there: `hit` or `miss`.",
                ("result",),
            ),
            breaker_openings=catalogue.counters(
                "diarist_llm_breaker_openings_total", "Times that a model began to be left alone.", labels, most=_MODELS
            ),
            breaker_state=catalogue.gauges(
                "diarist_llm_breaker_state",
                "How a model is, as this process has seen it last: 0 closed, 0.5 to be tried again, 1 left alone.",
                labels,
                most=_MODELS,
            ),
            masked=catalogue.counters(
                "diarist_masked_entities_total",
                "Different people, places and so on that were masked in text which left, by kind; each call counts its own.",
                ("kind",),
                most=60,
            ),
        )
        catalogue.before_scrapes.append(made._look)
        return made

    def called(
        self, provider: str, model: str, *, outcome: str, seconds: float, tokens: Mapping[str, int], cost: float, uncertain: float
    ) -> None:
        """One call is over, and its answer judged; `cost` and `uncertain` in USD, `tokens` by direction."""
        self.calls.add(provider, model, outcome)
        self.seconds.observe(seconds, provider, model)
        for direction, number in tokens.items():
            self.tokens.add(provider, model, direction, by=number)
        self.cost.add(provider, model, by=cost)
        if uncertain:
            self.uncertain_cost.add(provider, model, by=uncertain)

    def left(self, counts: Mapping[str, int]) -> None:
        """A masked text has left; `counts`: what is masked in it, by kind."""
        for kind, number in counts.items():
            self.masked.add(kind, by=number)

    def circuit(self, provider: str, model: str, open_until: float | None, *, opened: bool) -> None:
        """How a model's breaker is now; `open_until`: seconds since the epoch, None when it is closed."""
        self._open_until[provider, model] = open_until
        if opened:
            self.breaker_openings.add(provider, model)

    def _look(self) -> None:
        for (provider, model), until in list(self._open_until.items()):
            state = CLOSED if until is None else OPEN if until > time.time() else HALF_OPEN
            self.breaker_state.put(state, provider, model)
