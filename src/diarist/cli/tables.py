"""Tables: aligned columns under quiet headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from diarist.cli.terminal import messages, print_block, safe


def quiet_table(*, gap: int = 2) -> Table:
    """A table without lines; `gap`: blanks between two columns."""
    return Table(box=None, pad_edge=False, header_style="dim", padding=(0, gap, 0, 0))


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str, styles: Mapping[str, str] | None = None
) -> None:
    """Print rows, or say on stderr why there are none; `styles` colours cells that hold one of its words."""
    if not rows:
        messages().print(empty)
        return
    table = quiet_table()
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(Text(safe(cell), style=(styles or STATES).get(cell, "")) for cell in row))
    print_block(table)


def print_rows(rows: Iterable[tuple[str, Text | str]]) -> None:
    """Print quiet labels and what stands behind them; in a terminal that is wrapped under itself."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for label, value in rows:
        table.add_row(label, value if isinstance(value, Text) else Text(safe(value)))
    print_block(table)


STATES = {
    "running": "cyan",
    "succeeded": "green",
    "failed": "red",
    "cancelled": "yellow",
    "ok": "green",
    "warn": "yellow",
    "fail": "red",
}
"""Words that are coloured wherever they stand alone."""
