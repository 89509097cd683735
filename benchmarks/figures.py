"""What a benchmark finds: figures with their goals, the machine they were seen on, as a table and as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from diarist.adapters.transcription_engines.whisper_share import processors

LIBRARIES = ("diarist", "faster-whisper", "ctranslate2", "onnxruntime", "av")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number."""

    section: str
    name: str
    value: float
    unit: str
    goal: float | None = None
    """The number to reach; None when it is only for information."""
    better: Literal["higher", "lower"] = "lower"

    @property
    def missed(self) -> bool:
        """Whether there is a goal and the value falls short of it."""
        if self.goal is None:
            return False
        return self.value > self.goal if self.better == "lower" else self.value < self.goal


def machine() -> dict[str, str | int]:
    """What the figures depend on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor() or "unknown",
    )
    versions = {name: version(name) for name in LIBRARIES}
    return {
        "cpu": model,
        "cores": processors(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **versions,
    }


def show(figures: list[Figure]) -> None:
    """Print the table."""
    about = machine()
    console = Console(width=None if os.isatty(1) else 120)
    table = Table(
        "section", "figure", "value", "goal", "", title=f"{about['cpu']}, {about['cores']} cores, Python {about['python']}"
    )
    table.columns[2].justify = table.columns[3].justify = "right"
    for figure in figures:
        sign = "≤" if figure.better == "lower" else "≥"
        goal = f"{sign} {figure.goal:g} {figure.unit}" if figure.goal is not None else ""
        verdict = "" if figure.goal is None else "[red]missed[/]" if figure.missed else "[green]reached[/]"
        table.add_row(figure.section, figure.name, f"{figure.value:.4g} {figure.unit}", goal, verdict)
    console.print(table)


def chosen_sections(parser: argparse.ArgumentParser, sections: Sequence[str], json_name: str) -> argparse.Namespace:
    """Read the command line; `sections` and `json` of the answer say what to measure, and where to write it."""
    path = Path(__file__).resolve().parent / "results" / json_name
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"any of {', '.join(sections)}; all when none is named")
    parser.add_argument("--json", type=Path, default=path, help="where to write the figures")
    arguments = parser.parse_args()
    if unknown := set(arguments.sections) - set(sections):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    arguments.sections = arguments.sections or list(sections)
    return arguments


def report(figures: list[Figure], path: Path, started: float) -> int:
    """Print and write what was found since `started` (by `perf_counter`); 1 when a goal was missed."""
    show(figures)
    return conclude(figures, path, started)


def conclude(figures: list[Figure], path: Path, started: float) -> int:
    """Write what was found since `started`; 1 when a goal was missed."""
    save(figures, path)
    print(f"{time.perf_counter() - started:.0f} s; figures in {path}", file=sys.stderr)
    return 1 if any(figure.missed for figure in figures) else 0


def save(figures: list[Figure], path: Path) -> None:
    """Write figures and machine as JSON."""
    write(path, figures=[{**asdict(figure), "missed": figure.missed} for figure in figures])


def write(path: Path, **found: object) -> None:
    """Write what was found as JSON, and when and on which machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"at": datetime.now(UTC).isoformat(), "machine": machine(), **found}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest value below."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
