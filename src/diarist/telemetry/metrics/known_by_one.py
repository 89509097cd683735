"""What the database knows: told by one process at a time, so that sums over processes are right."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from diarist.telemetry.metrics.catalogue import Catalogue, Gauges


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedMetrics:
    """Gauges that one process has and the others have not."""

    reporting: Gauges
    depth: Gauges
    delayed: Gauges
    running: Gauges
    parked: Gauges
    oldest: Gauges
    backlog: Gauges
    accounts: Gauges
    recordings: Gauges
    audio: Gauges
    entries: Gauges
    llm_cost: Gauges
    cost_per_hour: Gauges
    budget_left: Gauges
    budget_share_left: Gauges
    subscriptions: Gauges
    webhooks_overdue: Gauges
    stranded: Gauges
    today_cost: Gauges
    usual_day_cost: Gauges
    cost_anomaly: Gauges
    accounts_out_of_budget: Gauges

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        queue, day = ("queue", "priority"), " within the last 24 hours."
        gauges = catalogue.gauges
        return cls(
            reporting=gauges(
                "diarist_reporting",
                "1 where this process tells what the database knows; of all processes of an installation one does, or none.",
            ),
            depth=gauges("diarist_queue_depth", "Tasks that are ready and wait for a worker.", queue),
            delayed=gauges("diarist_queue_delayed", "Tasks that wait until they may be tried again.", queue),
            running=gauges("diarist_queue_running", "Tasks that a worker has a lease on.", queue),
            parked=gauges("diarist_queue_parked", "Tasks that lost their worker too often; a person has to look.", queue),
            oldest=gauges(
                "diarist_queue_oldest_age_seconds",
                "How long the task has been ready that has waited longest; 0 when none waits.",
                queue,
                unit="seconds",
            ),
            backlog=gauges(
                "diarist_queue_backlog_audio_seconds",
                "Audio in tasks that are ready, delayed or running, less what running ones have been through; audio of which the "
                "length is not yet known is left out.",
                queue,
                unit="seconds",
            ),
            accounts=gauges("diarist_active_accounts", "Accounts that gave a recording" + day),
            recordings=gauges("diarist_last_day_recordings", "Recordings that were taken in" + day),
            audio=gauges("diarist_last_day_audio_seconds", "Length of recordings that were taken in" + day, unit="seconds"),
            entries=gauges("diarist_last_day_entries", "Entries that were made" + day),
            llm_cost=gauges("diarist_last_day_llm_cost_usd", "What language models have cost" + day, unit="usd"),
            cost_per_hour=gauges(
                "diarist_last_day_llm_cost_per_audio_hour_usd",
                "What language models have cost, by the hours of audio that were taken in, both" + day,
                unit="usd",
            ),
            budget_left=gauges(
                "diarist_llm_budget_left_usd",
                "What the account with least may still spend on language models in this day and this month of UTC; nothing where "
                "no account has a budget.",
                ("period",),
                unit="usd",
            ),
            budget_share_left=gauges(
                "diarist_llm_budget_left_ratio",
                "Share of its budget that the account with the smallest share may still spend in this day and this month of UTC.",
                ("period",),
                unit="ratio",
            ),
            subscriptions=gauges(
                "diarist_webhook_subscriptions",
                "Subscriptions: `active`, or why nothing is sent: it was `asked` for, receiver `gone` or `failing` for days.",
                ("condition",),
            ),
            webhooks_overdue=gauges(
                "diarist_webhook_oldest_overdue_seconds",
                "How long the webhook has been due that has waited longest for its next try; 0 when none is due.",
                unit="seconds",
            ),
            stranded=gauges(
                "diarist_jobs_stranded",
                "Jobs that are not at their end and have no task that could bring them there; there should never be one.",
            ),
            accounts_out_of_budget=gauges(
                "diarist_llm_accounts_out_of_budget", "Accounts that have nothing left of their budget.", ("period",)
            ),
            today_cost=gauges(
                "diarist_today_cost",
                "What this day of UTC has cost so far, by what it goes to: compute, llm, network; at the prices that are set.",
                ("part", "currency"),
            ),
            usual_day_cost=gauges(
                "diarist_usual_day_cost",
                "Median of the same sum on the 28 days before; nothing where a week of them is not yet known.",
                ("currency",),
            ),
            cost_anomaly=gauges(
                "diarist_cost_anomaly_score",
                "How far today's cost is above that median, in median absolute deviations times 0.6745; above 3.5 it is unusual.",
                ("currency",),
            ),
        )

    def forget(self) -> None:
        """Another process tells of it, or nobody can."""
        for field in fields(self):
            gauges: Gauges = getattr(self, field.name)
            gauges.forget()
