"""Webhooks on their way: how receivers take them, and how late they hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from diarist.telemetry.metrics.catalogue import LONG, Catalogue, Counters, Histograms


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMetrics:
    """By the kind of what is told, never by whom it is told."""

    attempts: Counters
    seconds: Histograms
    age: Histograms

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            attempts=catalogue.counters(
                "diarist_webhook_attempts_total",
                "Tries to send a webhook, by the kind of event and the class of the status, or `unreachable`.",
                ("event", "outcome"),
            ),
            seconds=catalogue.histograms(
                "diarist_webhook_attempt_duration_seconds",
                "Time of one try to send a webhook, to the head of its answer or until it was given up.",
                unit="seconds",
            ),
            age=catalogue.histograms(
                "diarist_webhook_delivery_age_seconds",
                "Time from an event to when a receiver has taken the webhook that tells of it.",
                buckets=(*LONG, 21_600.0, 86_400.0),
                unit="seconds",
            ),
        )

    def tried(self, event: str, *, status: int | None, seconds: float, happened: datetime, now: datetime) -> None:
        """One try; `status`: None for no answer."""
        self.attempts.add(event, "unreachable" if status is None else f"{status // 100}xx")
        self.seconds.observe(seconds)
        if status is not None and status // 100 == 2:  # noqa: PLR2004 - taken
            self.age.observe(max(0.0, (now - happened).total_seconds()))
