"""One figure of several contenders side by side, ours with a goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from figures import Figure, machine
from raw_whisper import MODES
from rich.console import Console
from rich.table import Table

OURS = "Diarist"
SEQUENTIAL, FASTEST, BATCHED = "sequential, beam 5", "sequential, beam 1", "batched by 8, beam 1"
RAW = (SEQUENTIAL, FASTEST, BATCHED)
assert set(RAW) <= MODES.keys()  # noqa: S101 - a misspelt mode would be found out minutes later


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure of each contender that has one."""

    section: str
    name: str
    unit: str
    values: Mapping[str, float]
    goal: float | None = None
    """For ours."""
    better: Literal["higher", "lower"] = "lower"

    def figures(self) -> list[Figure]:
        """One for each contender."""
        return [
            Figure(
                section=self.section, name=f"{self.name}: {who}", value=value, unit=self.unit, better=self.better,
                goal=self.goal if who == OURS else None,
            )
            for who, value in self.values.items()
        ]  # fmt: skip


def show_comparison(rows: Sequence[Row], title: str) -> None:
    """Print the table."""
    table = Table("", "", OURS, *(f"faster-whisper\n{who}" for who in RAW), "goal", "", title=f"{machine()['cpu']}; {title}")
    for column in table.columns[2:-1]:
        column.justify = "right"
    section = ""
    for row in rows:
        if row.section != section:
            table.add_section()
        cells = (f"{row.values[who]:.4g}" if who in row.values else "" for who in (OURS, *RAW))
        sign = "≥" if row.better == "higher" else "≤"
        goal = "" if row.goal is None else f"{sign} {row.goal:.4g}"
        ours = row.figures()[0]
        verdict = "" if row.goal is None else "[red]missed[/]" if ours.missed else "[green]reached[/]"
        table.add_row(row.section if row.section != section else "", f"{row.name}, {row.unit}", *cells, goal, verdict)
        section = row.section
    Console(width=170).print(table)
