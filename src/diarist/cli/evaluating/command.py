"""Compares engines on recordings, shows how far it is, and prints what was found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from diarist.cli.evaluating.run import Run, run
from diarist.cli.evaluating.tables import labels, print_runs
from diarist.cli.exit_codes import OK, status_of
from diarist.cli.interruption import Interruption
from diarist.cli.reporting import error_to_json, report
from diarist.cli.terminal import messages, print_json, safe
from diarist.evaluation.references import Sample
from diarist.evaluation.results import to_json
from diarist.evaluation.tokens import RULES
from diarist.settings import EngineSettings, Settings


def compare_engines(settings: Settings, engines: Sequence[EngineSettings], samples: Sequence[Sample], *, as_json: bool) -> int:
    """Measure each engine and print it; returns the exit status, which is that of the first recording that could not be heard."""
    console = messages()
    columns = (
        TextColumn("{task.fields[engine]}", style="cyan", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    runs = []
    with (
        Interruption() as interruption,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars,
    ):
        for engine in engines:
            row = bars.add_task("", total=1.0, engine=safe(f"{engine.name} {engine.model}"), name="")
            told = partial(_show, bars, row)
            runs.append(interruption.run(run(settings, engine, samples, told)))
            told("", 1.0)
    if as_json:
        print_json(_document(runs))
    else:
        print_runs(runs, samples)
        for name, error in runs[0].failed.items():
            report(error, about=name)
    return next((status_of(type(error)) for one in runs for error in one.failed.values()), OK)


def _show(bars: Progress, row: TaskID, name: str, fraction: float) -> None:
    bars.update(row, completed=fraction, name=safe(name))


def _document(runs: Sequence[Run]) -> dict[str, Any]:
    return {
        "compared_by": RULES,
        "evaluations": [
            {
                "label": label,
                "engine": one.engine,
                "model": one.model,
                "beam_size": one.asked.beam_size,
                "peak_memory": one.peak_memory,
                "total": to_json(one.total),
                "recordings": [
                    *({"name": name, **to_json(found)} for name, found in one.found.items()),
                    *({"name": name, "error": error_to_json(error)} for name, error in one.failed.items()),
                ],
            }
            for label, one in zip(labels(runs), runs, strict=True)
        ],
    }
