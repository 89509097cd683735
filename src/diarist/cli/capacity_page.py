"""A plan of capacity as tables with its arithmetic, as a picture of what each load costs, and as JSON."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from diarist.capacity.demand import Demand
from diarist.capacity.measured import ENGINES, MACHINE, EngineFigures, PlaneFigures
from diarist.capacity.planning import Plan
from diarist.cli.files import put
from diarist.cli.tables import quiet_table
from diarist.cli.terminal import print_block, print_json
from diarist.errors import InvalidInput

_LOADS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0)
"""Times the load that was asked for."""
_WIDTH = 56
_COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "red", "bright_black", "bright_cyan")


def engine_figures(name: str, speed: float | None) -> EngineFigures:
    """What is known of an engine, or was measured by whoever asks, times real time on one core; raises `InvalidInput`."""
    if speed is not None:
        if not (math.isfinite(speed) and speed > 0):
            raise InvalidInput(f"speed: {speed} is no speed", advice="Give times real time on one core, such as 27.")
        known = ENGINES.get(name)
        memory = known.memory_mb if known else max(figures.memory_mb for figures in ENGINES.values())
        return EngineFigures(name=name, core_seconds=3600 / speed, memory_mb=memory, seen_by="as given")
    if name not in ENGINES:
        raise InvalidInput(
            f"{name} was not measured",
            advice=f"Give its --speed, times real time on one core, or one of {', '.join(ENGINES)}.",
        )
    return ENGINES[name]


class Page:
    """Shows one plan, and what others of other loads would cost."""

    def __init__(self, demand: Demand, engine: EngineFigures, plan: Callable[[Demand], Plan]) -> None:
        self._demand, self._engine = demand, engine
        self._plan = plan(demand)
        loads = [replace(demand, hours_per_hour=demand.hours_per_hour * times) for times in _LOADS]
        self._by_load = [(one.hours_per_hour, plan(one)) for one in loads]

    def show(self, *, as_json: bool, picture: Path | None) -> None:
        """Print it, and draw it into a file if one is named; raises `InvalidInput` when that cannot be written."""
        if picture is not None:
            self._draw(picture)
        if as_json:
            print_json(self._document())
            return
        print_block(Group(self._lines(), Text(), self._bars(), Text(), self._sources()))

    def _document(self) -> dict[str, object]:
        return {
            "demand": asdict(self._demand),
            "engine": asdict(self._engine),
            "measured_on": MACHINE,
            "lines": [asdict(line) for line in self._plan.lines],
            "monthly": self._plan.monthly,
            "monthly_by_part": self._plan.monthly_by_part(),
            "by_load": [{"hours_per_hour": load, "monthly": plan.monthly} for load, plan in self._by_load],
        }

    def _lines(self) -> Table:
        table = quiet_table()
        for heading, justify in (("", "left"), ("", "right"), ("", "left"), ("a month", "right"), ("because", "left")):
            table.add_column(heading, justify=justify)  # type: ignore[arg-type]  # rich names the words it takes
        part = ""
        for line in self._plan.lines:
            if line.part != part:
                part = line.part
                table.add_row(Text(part, style="bold"))
            price = f"{line.monthly:,.0f}" if line.monthly else ""
            table.add_row(f"  {line.name}", _figure(line.value), line.unit, price, Text(line.because, style="dim"))
        hours = self._demand.hours_per_hour * self._demand.busy_share * 730
        table.add_row(
            Text("in all", style="bold"), "", "", Text(f"{self._plan.monthly:,.0f}", style="bold"),
            Text(f"{self._plan.monthly / hours:,.4f} an audio-hour", style="dim"),
        )  # fmt: skip
        return table

    def _bars(self) -> Group:
        """What each load costs in a month, by part."""
        most = max(plan.monthly for _, plan in self._by_load) or 1.0
        parts = list(dict.fromkeys(part for _, plan in self._by_load for part in plan.monthly_by_part()))
        colours = dict(zip(parts, _COLOURS, strict=False))
        rows = []
        for load, plan in self._by_load:
            row = Text(f"{load:>10,.0f} h/h  ")
            for part, monthly in plan.monthly_by_part().items():
                row.append("█" * round(_WIDTH * monthly / most), style=colours.get(part, ""))
            rows.append(row.append(f" {plan.monthly:,.0f}", style="dim"))
        legend = Text("  ").join(Text.assemble(("█ ", colours.get(part, "")), part) for part in parts)
        return Group(*rows, legend)

    def _sources(self) -> Text:
        speed = 3600 / self._engine.core_seconds
        return Text(
            f"Engine: {self._engine.name}, {speed:.1f} times real time on a core ({self._engine.seen_by}). "
            f"The rest: {PlaneFigures().seen_by}. Measured on {MACHINE}. Machines, cards and networks of this size were not to "
            "be had: this is arithmetic, not an observation.",
            style="dim",
        )

    def _draw(self, path: Path) -> None:
        console = Console(record=True, width=110, file=io.StringIO(), force_terminal=True)
        console.print(self._bars())
        put(console.export_svg(title=f"A month of {self._engine.name}, by audio-hours an hour").encode(), path)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 or value == round(value) else f"{value:,.2f}"  # noqa: PLR2004 - from here on nobody reads decimals
