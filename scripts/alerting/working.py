"""Alerts of what does the work: engines that hear, language models that write, webhooks that tell."""

from __future__ import annotations

from alerting.alert import Alert, Part, Severity, Trial
from alerting.courses import Count, Level, Phases

GOAL = 1.0
"""Seconds that an engine may take for a second of speech."""
_ENGINE = 'job="transcription-worker",instance="a",engine="faster-whisper",model="base"'
_OPENAI = 'provider="openai",model="gpt-5-mini"'
_MISTRAL = 'provider="mistral",model="small"'

ENGINES = Part(
    name="engines",
    alerts=(
        Alert(
            name="EngineSlow",
            severity=Severity.TICKET,
            expression=f"engine_model:diarist_engine_real_time_factor:rate15m > {GOAL:g}",
            lasting="15m",
            summary="{{ $labels.engine }} with {{ $labels.model }} takes {{ $value | humanize }} s for a second of speech.",
            impact="It hears more slowly than people speak: the backlog grows whatever comes.",
            page="engine-slow",
            trial=Trial(
                series={
                    f"diarist_engine_busy_seconds_total{{{_ENGINE}}}": Count(5, 60, 40),
                    f"diarist_engine_speech_seconds_total{{{_ENGINE}}}": Count(60, 40, 60),
                },
                labels={"engine": "faster-whisper", "model": "base"},
                told="faster-whisper with base takes 1.5 s for a second of speech.",
            ),
        ),
        Alert(
            name="ChildrenDie",
            severity=Severity.TICKET,
            expression='sum by (child) (increase(diarist_child_ends_total{reason=~"died|hung"}[30m])) > 3',
            summary='{{ $value | printf "%.0f" }} processes of the kind `{{ $labels.child }}` died or hung within half an hour.',
            impact=(
                "What they were at is tried again in a new one, which has to load its model first; after five tries it is a gap."
            ),
            page="children-die",
            trial=Trial(
                series={'diarist_child_ends_total{job="transcription-worker",child="engine",reason="died"}': Count(0, 0.5, 0.05)},
                labels={"child": "engine"},
                told="15 processes of the kind `engine` died or hung within half an hour.",
            ),
        ),
        Alert(
            name="ChildrenEatMemory",
            severity=Severity.TICKET,
            expression='sum by (child) (increase(diarist_child_ends_total{reason="memory"}[1h])) > 2',
            summary=(
                '{{ $value | printf "%.0f" }} processes of the kind `{{ $labels.child }}` had to be ended within an hour for '
                "their memory."
            ),
            impact="Chunks are heard again, and become gaps when that happens five times.",
            page="children-eat-memory",
            trial=Trial(
                series={
                    'diarist_child_ends_total{job="transcription-worker",child="engine",reason="memory"}': Count(0, 0.2, 0.02)
                },
                labels={"child": "engine"},
                told="12 processes of the kind `engine` had to be ended within an hour for their memory.",
                phases=Phases(near=90, bad=90),
            ),
        ),
    ),
)
LANGUAGE_MODELS = Part(
    name="language-models",
    alerts=(
        Alert(
            name="ModelLeftAlone",
            severity=Severity.TICKET,
            expression="max by (provider, model) (max_over_time(diarist_llm_breaker_state[20m])) == 1",
            lasting="10m",
            summary="{{ $labels.provider }}/{{ $labels.model }} fails and is left alone.",
            impact="Others are asked instead, by their cost, speed and quality; entries say who wrote them.",
            page="model-left-alone",
            trial=Trial(
                series={
                    f'diarist_llm_breaker_state{{job="llm-worker",instance="a",{_OPENAI}}}': Level(0, 1, near=0.5),
                    f'diarist_llm_breaker_state{{job="llm-worker",instance="b",{_OPENAI}}}': Level(0, 0.5),
                },
                labels={"provider": "openai", "model": "gpt-5-mini"},
                told="openai/gpt-5-mini fails and is left alone.",
            ),
        ),
        Alert(
            name="NoModelLeft",
            severity=Severity.TICKET,
            expression="min(max by (provider, model) (max_over_time(diarist_llm_breaker_state[20m]))) == 1",
            lasting="5m",
            summary="Every language model that was asked of late fails.",
            impact=(
                "Entries are written without one, in the speaker's own sentences, and say so. `diarist compose` writes "
                "them anew later."
            ),
            page="no-model-left",
            trial=Trial(
                series={
                    f'diarist_llm_breaker_state{{job="llm-worker",instance="a",{_OPENAI}}}': Level(0, 1, near=1),
                    f'diarist_llm_breaker_state{{job="llm-worker",instance="a",{_MISTRAL}}}': Level(0, 1),
                },
                told="Every language model that was asked of late fails.",
            ),
        ),
        Alert(
            name="ModelsFailOver",
            severity=Severity.TICKET,
            expression=(
                "sum by (provider, model) (rate(diarist_llm_failovers_total[30m]))\n"
                "/ sum by (provider, model) (rate(diarist_llm_calls_total[30m])) > 0.25\n"
                "and sum by (provider, model) (increase(diarist_llm_failovers_total[30m])) > 5"
            ),
            lasting="10m",
            summary=(
                "{{ $value | humanizePercentage }} of what {{ $labels.provider }}/{{ $labels.model }} is asked goes to "
                "the next model."
            ),
            impact="Entries take longer, and may cost more: the next model answers.",
            page="models-fail-over",
            trial=Trial(
                series={
                    f'diarist_llm_calls_total{{job="llm-worker",{_OPENAI},outcome="answered"}}': Count(10, 5, 9),
                    f'diarist_llm_calls_total{{job="llm-worker",{_OPENAI},outcome="timed_out"}}': Count(0, 5, 1),
                    f'diarist_llm_failovers_total{{job="llm-worker",{_OPENAI}}}': Count(0, 5, 1),
                },
                labels={"provider": "openai", "model": "gpt-5-mini"},
                told="50% of what openai/gpt-5-mini is asked goes to the next model.",
            ),
        ),
        Alert(
            name="BudgetNearlySpent",
            severity=Severity.TICKET,
            expression="min by (period) (diarist_llm_budget_left_ratio) < 0.1",
            lasting="5m",
            summary="An account has {{ $value | humanizePercentage }} of its budget for the {{ $labels.period }} left.",
            impact="With nothing left its entries are written without a language model, and say so.",
            page="budget-nearly-spent",
            trial=Trial(
                series={
                    'diarist_llm_budget_left_ratio{job="llm-worker",instance="a",period="month"}': Level(0.9, 0.05, near=0.15)
                },
                labels={"period": "month"},
                told="An account has 5% of its budget for the month left.",
            ),
        ),
        Alert(
            name="CostAnomaly",
            severity=Severity.TICKET,
            expression=(
                "diarist:llm_cost_usd_per_hour:rate1h > 3 * avg_over_time(diarist:llm_cost_usd_per_hour:rate1h[7d] offset 1h)\n"
                "and diarist:llm_cost_usd_per_hour:rate1h > 1"
            ),
            lasting="15m",
            summary=(
                "Language models cost {{ $value | humanize }} USD an hour, more than three times the mean of the week before."
            ),
            impact="Money. Budgets of accounts hold, where they have one.",
            page="cost-anomaly",
            trial=Trial(
                series={f'diarist_llm_cost_usd_total{{job="llm-worker",{_OPENAI}}}': Count(0.02, 0.2, 0.04)},
                told="Language models cost 12 USD an hour, more than three times the mean of the week before.",
                phases=Phases(well=300, near=120, bad=100, after=180),
            ),
        ),
    ),
)
WEBHOOKS = Part(
    name="webhooks",
    alerts=(
        Alert(
            name="WebhooksPaused",
            severity=Severity.TICKET,
            expression='sum by (condition) (diarist_webhook_subscriptions{condition=~"gone|failing"}) > 0',
            lasting="5m",
            summary="{{ $value }} subscriptions are paused, their receivers {{ $labels.condition }}.",
            impact="Their owners hear nothing by webhook until they resume them; events are kept and can be sent again.",
            page="webhooks-paused",
            trial=Trial(
                series={
                    'diarist_webhook_subscriptions{job="llm-worker",condition="failing"}': Level(0, 2),
                    'diarist_webhook_subscriptions{job="llm-worker",condition="asked"}': Level(1, 1),
                },
                labels={"condition": "failing"},
                told="2 subscriptions are paused, their receivers failing.",
            ),
        ),
        Alert(
            name="WebhooksLate",
            severity=Severity.TICKET,
            expression="max(diarist_webhook_oldest_overdue_seconds) > 300",
            lasting="5m",
            summary="A webhook has been due for {{ $value | humanizeDuration }}.",
            impact="Receivers hear late of what happened. Nothing is lost: deliveries stand in the database.",
            page="webhooks-late",
            trial=Trial(
                series={'diarist_webhook_oldest_overdue_seconds{job="llm-worker",instance="a"}': Level(0, 1200, near=200)},
                told="A webhook has been due for 20m 0s.",
            ),
        ),
    ),
)
