"""What a run has found: figures with their goals, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chaos.faults import Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    detail: str = ""
    """Whom to look at when the goal is missed, or what the figure consists of."""

    @property
    def missed(self) -> bool:
        too_much = self.at_most is not None and self.value > self.at_most
        return too_much or (self.at_least is not None and self.value < self.at_least)


def none(name: str, found: Iterable[object]) -> Finding:
    """The figure of something of which there must be none; the first of them are named."""
    listed = list(found)
    return Finding(name=name, value=len(listed), at_most=0, detail="; ".join(map(str, listed[:5])))


def show(findings: Sequence[Finding], happened: Sequence[Happened], title: str) -> None:
    """Print what happened, then what came of it."""
    console = Console(width=None if os.isatty(1) else 150)
    if happened:
        done = Table("at", "fault", "what", "took", title="What was done")
        for one in sorted(happened, key=lambda one: one.at):
            done.add_row(f"{one.at:.0f} s", one.kind, one.what, f"{one.seconds:.1f} s")
        console.print(done)
    table = Table("finding", "value", "goal", "", "detail", title=title)
    table.columns[1].justify = table.columns[2].justify = "right"
    for finding in findings:
        goal = _goal(finding)
        verdict = "" if not goal else "[red]missed[/]" if finding.missed else "[green]reached[/]"
        table.add_row(finding.name, f"{finding.value:g} {finding.unit}".strip(), goal, verdict, finding.detail[:300])
    console.print(table)


def save(path: Path, findings: Sequence[Finding], happened: Sequence[Happened], about: Mapping[str, Any]) -> None:
    """Write it all as JSON."""
    document = {
        "at": datetime.now(UTC).isoformat(),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        **about,
        "findings": [{**asdict(finding), "missed": finding.missed} for finding in findings],
        "faults": [asdict(one) for one in sorted(happened, key=lambda one: one.at)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def _goal(finding: Finding) -> str:
    if finding.at_most is not None:
        return f"≤ {finding.at_most:g}"
    return f"≥ {finding.at_least:g}" if finding.at_least is not None else ""
