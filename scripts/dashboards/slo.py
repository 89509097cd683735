"""The objectives: whether each is kept, how fast its error budget is used up, and what is asked of it."""

from __future__ import annotations

from alerting.burning import BURNS
from alerting.slos import BUDGET_LEFT, NOTHING_LOST, SLOS, WINDOW
from dashboards.board import Board, Colour, Panel, Query, Row, Shape

_SLOS = "; ".join(f"{slo.name}: {slo.objective:.4g} of 1. {slo.means}" for slo in SLOS)
_FAST, _SLOW = BURNS[0], BURNS[1]


def _burning(long: str, factor: float) -> Panel:
    return Panel(
        title=f"How fast budgets are used up, over {long}",
        tells=f"1 uses up exactly the budget of {WINDOW}. Above {factor:g} for long somebody is told.",
        unit="none",
        queries=(Query(f"slo:burn_rate:{long}", "{{slo}}"),),
        steps=((1, Colour.LOOK), (factor, Colour.ACT)),
        help="runbooks/README.md",
    )


_KEPT = Row(
    question="Are the promises kept?",
    panels=(
        Panel(
            title="Error budgets that are left",
            tells=f"Of what each objective allows to go wrong in {WINDOW}. Below 0 the promise is broken.",
            unit="percentunit",
            queries=(Query(BUDGET_LEFT, "{{slo}}"),),
            shape=Shape.NUMBER,
            below=Colour.ACT,
            steps=((0, Colour.LOOK), (0.25, Colour.WELL)),
            help="runbooks/README.md",
            width=16,
            height=6,
        ),
        Panel(
            title="Jobs that nothing brings to their end",
            tells="The objective without a budget: not one may be lost.",
            unit="short",
            queries=(Query(NOTHING_LOST, "lost"),),
            shape=Shape.NUMBER,
            steps=((1, Colour.ACT),),
            help="runbooks/jobs-stranded.md",
            height=6,
        ),
        Panel(
            title="Good events, now",
            tells=f"Share of the last five minutes. {_SLOS}",
            unit="percentunit",
            queries=(Query("1 - slo:errors:rate5m / (slo:events:rate5m > 0)", "{{slo}}"),),
            help="runbooks/README.md",
            width=12,
        ),
        Panel(
            title="Objectives",
            tells=f"What is promised. {_SLOS}",
            unit="percentunit",
            queries=(Query("slo:objective:ratio", "{{slo}}"),),
            shape=Shape.TABLE,
            below=Colour.TOLD,
            help="runbooks/README.md",
            width=12,
        ),
    ),
)
_BURN = Row(
    question="How long will the budgets last?",
    panels=(
        _burning(_FAST.long, _FAST.factor),
        _burning(_SLOW.long, _SLOW.factor),
        Panel(
            title="Error budgets over time",
            tells="A step is an incident; a slope is a fault that nobody looks at.",
            unit="percentunit",
            queries=(Query(BUDGET_LEFT, "{{slo}}"),),
            below=Colour.ACT,
            steps=((0, Colour.LOOK), (0.25, Colour.WELL)),
            most=1,
            help="runbooks/README.md",
        ),
        Panel(
            title="What is counted",
            tells="Events a second of each objective. With few of them a single failure weighs much.",
            unit="ops",
            queries=(Query("slo:events:rate5m", "{{slo}}"),),
            help="runbooks/README.md",
            width=12,
        ),
        Panel(
            title="What went wrong",
            tells="Events a second that were not good.",
            unit="ops",
            queries=(Query("slo:errors:rate5m", "{{slo}}"),),
            stacked=True,
            help="runbooks/README.md",
            width=12,
        ),
    ),
)

SLO = Board(
    uid="diarist-slo",
    title="SLO: objectives and error budgets",
    tells="Whether each promise is kept, and how long its error budget will last.",
    rows=(_KEPT, _BURN),
)
