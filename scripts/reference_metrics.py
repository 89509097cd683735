"""The reference page of metrics."""

from __future__ import annotations

from itertools import groupby

from diarist.telemetry.metrics import Metrics
from diarist.telemetry.metrics.catalogue import Described
from reference_markdown import page, table

_INTRODUCTION = """Every role tells them at `/metrics` of its [private port](settings.md#http): workers for their child processes
too, `standalone` for all that it does. Asked for OpenMetrics, it adds exemplars that name traces, where those are collected.

A histogram has `_bucket`, `_sum` and `_count` behind its name. What is counted in each process is summed over processes; of what
begins with `diarist_queue_` (its counters aside), `diarist_last_day_`, `diarist_active_`, `diarist_llm_budget_` and
`diarist_llm_accounts_`, one process of an installation tells at a time, and the others say nothing or 0: sums are right there,
too. Beside these there are the usual `process_…` and `python_gc_…`.

No label holds an account, a recording, a path or anything that was said. Each family has room for so many combinations of labels;
further ones are counted as `other`."""


def metrics_page() -> str:
    """Every family by its first words."""
    described = sorted(Metrics.open().catalogue.described, key=lambda one: one.name)
    parts = [
        f"## {name}\n\n" + table(("Name", "Type", "Labels", "Unit", "What it tells"), *map(_row, families))
        for name, families in groupby(described, key=lambda one: one.name.split("_")[1])
    ]
    return page("Metrics", "src/diarist/telemetry/metrics", _INTRODUCTION, *parts)


def _row(one: Described) -> tuple[str, str, str, str, str]:
    return f"`{one.name}`", one.kind, ", ".join(f"`{label}`" for label in one.labels), one.unit, one.help
