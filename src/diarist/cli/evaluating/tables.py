"""What was found, as tables: by recording, and all engines side by side."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.cli.clock import clock, size
from diarist.cli.evaluating.run import Run
from diarist.cli.tables import print_table
from diarist.cli.terminal import results
from diarist.domain.coverage import CoverageLabel
from diarist.evaluation.references import Sample
from diarist.evaluation.results import Measured, trust_of
from diarist.evaluation.scoring import TimeErrors


def labels(runs: Sequence[Run]) -> list[str]:
    """What each engine is called: engine and model as they heard, the beam size where nothing else tells two apart."""
    names = [f"{one.engine} {one.model}" for one in runs]
    return [
        name if names.count(name) == 1 else f"{name} beam {one.asked.beam_size or 'as usual'}"
        for name, one in zip(names, runs, strict=True)
    ]


def print_runs(runs: Sequence[Run], samples: Sequence[Sample]) -> None:
    """Print both tables to stdout."""
    if len(runs) == 1:
        found = runs[0].found
        headings = ["recording", "length", "speed", "words", "wrong", "missing", "too many", "error rate", "times off", "trust"]
        rows = [[name, clock(one.seconds), *_details(one)] for name, one in found.items()]
    else:
        headings = ["recording", *(f"{what}: {label}" for label in labels(runs) for what in ("error rate", "speed"))]
        rows = [
            [sample.name, *(cell for one in runs for cell in _short(one.found.get(sample.name)))]
            for sample in samples
            if any(sample.name in one.found for one in runs)
        ]
    print_table(headings, rows, empty="Nothing could be heard.")
    if rows:
        results().print()
        totals = [_figures(one) for one in runs]
        print_table(("in all", *labels(runs)), [[name, *(one[name] for one in totals)] for name in totals[0]], empty="")


def _details(found: Measured) -> list[str]:
    errors, times = found.comparison.errors, TimeErrors.of(found.comparison.start_errors)
    counts = [errors.words, errors.substitutions, errors.deletions, errors.insertions]
    off = "" if times is None else f"{times.median * 1000:.0f} ms, 95 % {times.percentile_95 * 1000:.0f} ms"
    trust = trust_of(found)
    return [f"{found.speed:.1f}x", *map(str, counts), _percent(errors.rate), off, "" if trust is None else str(trust)]


def _short(found: Measured | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    errors = found.comparison.errors
    return _percent(errors.rate) or f"{errors.insertions} words over silence", f"{found.speed:.1f}x"


def _figures(one: Run) -> dict[str, str]:
    """The rows of the table of all."""
    total = one.total
    errors, times = total.comparison.errors, TimeErrors.of(total.comparison.start_errors)
    coverage = total.coverage or {}
    trust = trust_of(total)
    return {
        "length": clock(total.seconds),
        "speed": f"{total.speed:.1f}x",
        "words": str(errors.words),
        "word error rate": _percent(errors.rate),
        "  wrong": str(errors.substitutions),
        "  missing": str(errors.deletions),
        "  too many": str(errors.insertions),
        "words over silence": str(total.silent.insertions),
        "word times off, median": "" if times is None else f"{times.median * 1000:.0f} ms",
        "word times off, 95 %": "" if times is None else f"{times.percentile_95 * 1000:.0f} ms",
        "speech without text": f"{coverage[CoverageLabel.DROPPED_SPEECH]:.1f} s" if coverage else "",
        "suspect text": f"{coverage[CoverageLabel.SUSPECT]:.1f} s" if coverage else "",
        "trust": "" if trust is None else str(trust),
        "peak memory": size(one.peak_memory) if one.peak_memory else "",
    }


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate * 100:.1f} %"
