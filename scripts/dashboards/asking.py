"""The questions that are asked again and again, in PromQL; see docs/how-to/see-the-figures.md."""

from __future__ import annotations

MINE = 'job=~"$role",instance=~"$instance"'
"""Of the processes that were chosen. What the database knows is told by one process for all: it is not asked for by process."""
LATELY = "$__rate_interval"


def rate(metric: str, *by: str, where: str = "") -> str:
    """How fast a counter grows, a second, summed by these labels."""
    return f"{_sum(by)} (rate({metric}{{{_matchers(where)}}}[{LATELY}]))"


def seldom(metric: str, *by: str, where: str = "") -> str:
    """The same of a counter of what may never happen: 0 until it does."""
    return none_is_zero(rate(metric, *by, where=where), *by)


def everywhere(metric: str, where: str = "") -> str:
    """How fast a counter grows, a second, in all processes, whichever were chosen."""
    matchers = f"{{{where}}}" if where else ""
    return f"sum(rate({metric}{matchers}[{LATELY}]))"


def quantile(share: float, histogram: str, *by: str) -> str:
    """What this share of all that was observed did not exceed."""
    return f"histogram_quantile({share}, {rate(f'{histogram}_bucket', 'le', *by)})"


def average(histogram: str, *by: str) -> str:
    """Of what was observed lately."""
    return ratio(rate(f"{histogram}_sum", *by), rate(f"{histogram}_count", *by))


def ratio(part: str, whole: str) -> str:
    """Nothing where there is no whole."""
    return f"{part} / ({whole} > 0)"


def none_is_zero(expression: str, *labels: str) -> str:
    """For what has no series before it happens for the first time, and may never; `labels` are those that legends name."""
    zero = "vector(0)"
    for label in labels:
        zero = f'label_replace({zero}, "{label}", "none", "", "")'
    return f"({expression} or on () {zero})"


def _matchers(where: str) -> str:
    return f"{MINE},{where}" if where else MINE


def _sum(by: tuple[str, ...]) -> str:
    return f"sum by ({', '.join(by)})" if by else "sum"
