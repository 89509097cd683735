"""The role `llm-worker`: how language models answer, and what all of it costs."""

from __future__ import annotations

from alerting.roles import JOBS
from dashboards.asking import MINE, everywhere, none_is_zero, quantile, rate, ratio, seldom
from dashboards.board import Board, Colour, Panel, Price, Query, Row, Shape

_MODEL = ("provider", "model")
_NAME = "{{provider}}/{{model}}"
_CALLS = "diarist_llm_calls_total"
LAST_DAY = (
    Query("max(diarist_last_day_llm_cost_usd)", "24 hours"),
    Query("max(diarist_last_day_llm_cost_per_audio_hour_usd)", "audio hour"),
    Query("30 * max(diarist_last_day_llm_cost_usd)", "30 days like this"),
)
"""What language models cost, in numbers; the overview shows it, too."""

_ANSWERS = Row(
    question="Do the models answer?",
    panels=(
        Panel(
            title="Calls",
            tells="A second, by what came of them. `answered` is good; all others cost time, and some money.",
            unit="reqps",
            queries=(Query(rate(_CALLS, "outcome"), "{{outcome}}"),),
            stacked=True,
            help="runbooks/models-fail-over.md",
        ),
        Panel(
            title="Time of a call",
            tells="95 % of the calls of each model are answered within it. Dots lead to traces.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_llm_call_duration_seconds", *_MODEL), _NAME),),
            steps=((30, Colour.LOOK), (120, Colour.ACT)),
            exemplars=True,
            help="how-to/use-a-language-model.md",
        ),
        Panel(
            title="Models that are left alone",
            tells="0: it is asked. 1: it failed too often and is left alone for a while. 0.5: it will be tried again.",
            unit="none",
            queries=(Query(f"max by (provider, model) (diarist_llm_breaker_state{{{MINE}}})", _NAME),),
            shape=Shape.BARS,
            steps=((0.5, Colour.LOOK), (1, Colour.ACT)),
            most=1,
            help="runbooks/model-left-alone.md",
        ),
        Panel(
            title="Questions that go on to the next model",
            tells="Share of the calls of each model that left its question without a good answer.",
            unit="percentunit",
            queries=(Query(ratio(rate("diarist_llm_failovers_total", *_MODEL), rate(_CALLS, *_MODEL)), _NAME),),
            steps=((0.05, Colour.LOOK), (0.25, Colour.ACT)),
            help="runbooks/models-fail-over.md",
        ),
        Panel(
            title="Calls that were not made",
            tells="A second, by the reason: the model is left alone, the budget is spent, or it is set up wrongly.",
            unit="reqps",
            queries=(Query(seldom("diarist_llm_not_asked_total", "reason"), "{{reason}}"),),
            stacked=True,
            help="runbooks/no-model-left.md",
        ),
        Panel(
            title="What is masked",
            tells="Different names, numbers and places that were masked in text which left, a second, by kind.",
            unit="cps",
            queries=(Query(seldom("diarist_masked_entities_total", "kind"), "{{kind}}"),),
            stacked=True,
            help="how-to/say-what-is-known.md",
        ),
    ),
)
_MODELS_COST = Row(
    question="What do the models cost?",
    panels=(
        Panel(
            title="Cost, now",
            tells="USD an hour, by model, by the prices that are known.",
            unit="currencyUSD",
            queries=(Query(f"3600 * {rate('diarist_llm_cost_usd_total', *_MODEL)}", _NAME),),
            stacked=True,
            help="runbooks/cost-anomaly.md",
        ),
        Panel(
            title="Tokens",
            tells="A second, by direction: questions (`input`) and answers (`output`).",
            unit="cps",
            queries=(Query(rate("diarist_llm_tokens_total", "model", "direction"), "{{model}} {{direction}}"),),
            stacked=True,
            help="how-to/use-a-language-model.md",
        ),
        Panel(
            title="Answers that were there already",
            tells="Share of the questions that cost nothing, as they had been answered before.",
            unit="percentunit",
            queries=(
                Query(
                    ratio(
                        seldom("diarist_llm_cache_requests_total", where='result="hit"'),
                        rate("diarist_llm_cache_requests_total"),
                    ),
                    "from the cache",
                ),
            ),
            most=1,
            help="how-to/use-a-language-model.md",
        ),
        Panel(
            title="24 hours and a month",
            tells="What language models have cost in 24 hours, for an hour of audio, and 30 days like this one. What each "
            "account "
            "costs: `diarist costs`; no figure here says whose it is.",
            unit="currencyUSD",
            queries=LAST_DAY,
            shape=Shape.NUMBER,
            below=Colour.TOLD,
            help="runbooks/cost-anomaly.md",
        ),
        Panel(
            title="Budgets that are left",
            tells="Share that the account with the smallest share may still spend in this day and month of UTC.",
            unit="percentunit",
            queries=(Query("min by (period) (diarist_llm_budget_left_ratio)", "{{period}}"),),
            shape=Shape.BARS,
            below=Colour.ACT,
            steps=((0.05, Colour.LOOK), (0.2, Colour.WELL)),
            most=1,
            help="runbooks/budget-nearly-spent.md",
        ),
        Panel(
            title="Cost that nobody can be sure of",
            tells="USD an hour that calls without an answer may have cost at most: they may be on the bill or not.",
            unit="currencyUSD",
            queries=(Query(none_is_zero(f"3600 * {rate('diarist_llm_uncertain_cost_usd_total', *_MODEL)}", *_MODEL), _NAME),),
            help="runbooks/cost-anomaly.md",
        ),
    ),
)
_OURS = f'job=~"{JOBS}"'
_AUDIO_HOURS = f"({everywhere('diarist_coverage_seconds_total')} > 0)"
_CPU = f"({everywhere('process_cpu_seconds_total', _OURS)} + {everywhere('diarist_child_cpu_seconds_total', _OURS)})"
_GPU = none_is_zero(everywhere("diarist_child_gpu_seconds_total", _OURS))
_LLM = none_is_zero(everywhere("diarist_llm_cost_usd_total"))
_TAKEN, _STORED, _READ = (everywhere(f"diarist_{which}_bytes_total") for which in ("upload", "blob_written", "blob_read"))
_ALL_COSTS = Row(
    question="What does all of it cost?",
    panels=(
        Panel(
            title="Cost, by what it is for",
            tells="USD an hour: processor and graphics card time that is used, by the prices above, and language models. "
            "Machines that "
            "stand idle cost, too: that is on your bill and not here.",
            unit="currencyUSD",
            queries=(
                Query(f"{_CPU} * $cpu_hour", "processors"),
                Query(f"{_GPU} * $gpu_hour", "graphics cards"),
                Query(f"3600 * {_LLM}", "language models"),
            ),
            stacked=True,
            help="how-to/look-at-dashboards.md",
        ),
        Panel(
            title="Cost of an hour of audio",
            tells="USD, lately: processors and cards by the prices above, language models, a month of storage of what was "
            "written, and "
            "traffic as if all of it left the house.",
            unit="currencyUSD",
            queries=(
                Query(f"({_CPU} * $cpu_hour + {_GPU} * $gpu_hour) / {_AUDIO_HOURS}", "computing"),
                Query(f"3600 * {_LLM} / {_AUDIO_HOURS}", "language models"),
                Query(f"3600 * {_STORED} / 1e9 * $gb_month / {_AUDIO_HOURS}", "storage, a month"),
                Query(f"3600 * ({_TAKEN} + {_READ}) / 1e9 * $gb_traffic / {_AUDIO_HOURS}", "traffic"),
            ),
            shape=Shape.BARS,
            below=Colour.TOLD,
            help="how-to/look-at-dashboards.md",
        ),
        Panel(
            title="Bytes that cost",
            tells="A second: taken in from people, written to the blob store, read from it.",
            unit="Bps",
            queries=(
                Query(_TAKEN, "taken in"),
                Query(_STORED, "written"),
                Query(_READ, "read"),
            ),
            help="how-to/plan-capacity.md",
        ),
        Panel(
            title="Today, by what it goes to",
            tells="What this day of UTC has cost so far, at the prices of the settings (`DIARIST_COSTS__…`), and beside it a "
            "usual day (`usual`, once a week is known). `diarist costs` tells the same by account, stage, model and recording.",
            unit="none",
            queries=(
                Query("sum by (part, currency) (diarist_today_cost)", "{{part}}, {{currency}}"),
                Query(none_is_zero("max by (currency) (diarist_usual_day_cost)", "currency"), "usual, {{currency}}"),
            ),
            help="runbooks/cost-anomaly.md",
            width=12,
        ),
        Panel(
            title="Is today unusual?",
            tells="How far today's cost is above a usual day's, in deviations of the days before: above 3.5 somebody should "
            "ask why. 0 and `none` while not even a week is known.",
            unit="none",
            queries=(Query(none_is_zero("max by (currency) (diarist_cost_anomaly_score)", "currency"), "{{currency}}"),),
            steps=((2, Colour.LOOK), (3.5, Colour.ACT)),
            help="runbooks/cost-anomaly.md",
            width=12,
        ),
    ),
)

LLM = Board(
    uid="diarist-llm",
    title="LLM and cost: llm-worker",
    tells="How language models answer, what they cost, and what all of it costs for an hour of audio.",
    roles="llm-worker|standalone",
    rows=(_ANSWERS, _MODELS_COST, _ALL_COSTS),
    prices=(
        Price(name="cpu_hour", label="USD, hour of a core", tells="What an hour of one processor core costs here.", usd="0.04"),
        Price(name="gpu_hour", label="USD, hour of a card", tells="What an hour of one graphics card costs here.", usd="1.20"),
        Price(
            name="gb_month",
            label="USD, GB a month",
            tells="What a gigabyte in the blob store costs here in a month.",
            usd="0.023",
        ),
        Price(
            name="gb_traffic", label="USD, GB of traffic", tells="What a gigabyte costs here that leaves the house.", usd="0.09"
        ),
    ),
)
