"""Rules and alerts of the objectives: how fast their error budgets are used up, over several windows at once.

After "Alerting on SLOs" in The Site Reliability Workbook (https://sre.google/workbook/alerting-on-slos/): a long window says that
it matters, a short one that it is still so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alerting.alert import Alert, Part, Record, Severity, Trial
from alerting.courses import Count, Phases
from alerting.slos import BUDGET_LEFT, SLOS, WINDOW, Slo

MINUTES = {"5m": 5, "30m": 30, "1h": 60, "2h": 120, "6h": 360, "1d": 1440, "3d": 4320}
"""Windows over which budgets are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A speed at which a budget may not be used up."""

    factor: float
    """1 uses up exactly the budget of the whole window."""
    long: str
    short: str
    lasting: int
    """Minutes."""
    severity: Severity


BURNS = (
    Burn(factor=14.4, long="1h", short="5m", lasting=2, severity=Severity.PAGE),
    Burn(factor=6, long="6h", short="30m", lasting=15, severity=Severity.PAGE),
    Burn(factor=3, long="1d", short="2h", lasting=60, severity=Severity.TICKET),
    Burn(factor=1, long="3d", short="6h", lasting=180, severity=Severity.TICKET),
)
"""They use up 2 % of the budget in an hour, 5 % in six hours, 10 % in a day, and 10 % in three days."""


def parts() -> Iterator[Part]:
    """One for each objective, so that each can be tried without the others."""
    for slo in SLOS:
        yield Part(name=f"slo-{slo.name}", records=tuple(_recorded(slo)), alerts=tuple(_alert(slo, burn) for burn in BURNS))


def _recorded(slo: Slo) -> Iterator[Record]:
    labels, of = {"slo": slo.name}, f'{{slo="{slo.name}"}}'
    yield Record("slo:objective:ratio", f"vector({slo.objective})", labels)
    yield Record("slo:events:rate5m", slo.events, labels)
    yield Record("slo:errors:rate5m", slo.errors, labels)
    for window in MINUTES:
        yield Record(f"slo:burn_rate:{window}", f"({_ratio(of, window)}) / {slo.budget:.6g}", labels)
    yield Record(BUDGET_LEFT, f"1 - ({_ratio(of, WINDOW)}) / {slo.budget:.6g}", labels)


def _ratio(of: str, window: str) -> str:
    return f"sum_over_time(slo:errors:rate5m{of}[{window}]) / (sum_over_time(slo:events:rate5m{of}[{window}]) > 0)"


def _alert(slo: Slo, burn: Burn) -> Alert:
    of = f'{{slo="{slo.name}"}}'
    summary = f"“{slo.title}”: the budget of {WINDOW} is used up {{{{ $value | humanize }}}} times too fast (over {burn.long})."
    expression = (
        f"slo:burn_rate:{burn.long}{of} > {burn.factor}\nand slo:burn_rate:{burn.short}{of} > {burn.factor}\n"
        f"and avg_over_time(slo:events:rate5m{of}[{burn.long}]) * {MINUTES[burn.long] * 60} >= {slo.least}"
    )
    return Alert(
        name=f"{''.join(word.capitalize() for word in slo.name.split('-'))}Burns{burn.long}",
        severity=burn.severity,
        expression=expression,
        lasting=f"{burn.lasting}m",
        summary=summary,
        impact=slo.impact,
        page=slo.page,
        labels={"slo": slo.name, "window": burn.long},
        trial=Trial(
            series=_series(slo, burn),
            told=summary.replace("{{ $value | humanize }}", f"{burn.factor * _BAD:.4g}"),
            phases=Phases(
                well=30, near=MINUTES[burn.long], bad=MINUTES[burn.long] + burn.lasting + 30, after=2 * MINUTES[burn.short] + 30
            ),
        ),
    )


_NEAR, _BAD = 0.9, 1.15
"""Times the speed at which somebody is told."""


def _series(slo: Slo, burn: Burn) -> Mapping[str, Count]:
    well, near, bad = (slo.trial(share * burn.factor * slo.budget) for share in (0, _NEAR, _BAD))
    return {series: Count(well[series], bad[series], near[series]) for series in well}
