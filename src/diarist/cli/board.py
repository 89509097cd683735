"""Shows how far work is while a command waits: bars in a terminal, elsewhere a line for each new stage; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from rich.table import Column

from diarist.cli.clock import duration
from diarist.cli.terminal import messages, safe
from diarist.jobs.progress import Progress as JobProgress

_LONGEST_NAME = 32


class Board:
    """One row for each recording that is taken in or worked on."""

    def __init__(self) -> None:
        self._console = messages()
        self._rows: dict[Hashable, TaskID] = {}
        self._stages: dict[Hashable, str] = {}
        self._bars = Progress(
            TextColumn("{task.fields[name]}", markup=False, table_column=Column(no_wrap=True, max_width=_LONGEST_NAME)),
            TextColumn("{task.fields[stage]}", style="cyan", table_column=Column(no_wrap=True, min_width=10)),
            BarColumn(bar_width=None, table_column=Column(ratio=1)),
            TaskProgressColumn(),
            TextColumn("{task.fields[pace]}", style="dim", table_column=Column(no_wrap=True)),
            console=self._console,
            transient=True,
            expand=True,
            disable=not self._console.is_terminal,
            # Otherwise results that go to a file or a pipe would land in the terminal while bars are shown.
            redirect_stdout=sys.stdout.isatty(),
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def waiting(self, key: Hashable, name: str) -> None:
        """A file is watched until it is finished; shown in a terminal only, for nothing has happened yet."""
        if self._console.is_terminal:
            self._show(key, name, "wait", None, "")

    def adding(self, key: Hashable, name: str, fraction: float | None) -> None:
        """A file is being read; `fraction` is None when its length is unknown."""
        self._show(key, name, "add", fraction, "")

    def working(self, key: Hashable, name: str, progress: JobProgress) -> None:
        """A job is being worked on."""
        speed = f"{progress.speed:.1f}x" if progress.speed else ""
        rest = f"{duration(progress.eta)} left" if progress.eta and progress.eta >= 1 else ""
        self._show(key, name, progress.stage or "done", progress.fraction, "  ".join(filter(None, (speed, rest))))

    def ended(self, key: Hashable) -> None:
        """Nothing more will happen to this row."""
        row = self._rows.pop(key, None)
        if row is not None:
            self._bars.remove_task(row)

    def _show(self, key: Hashable, name: str, stage: str, fraction: float | None, pace: str) -> None:
        shown = safe(name)
        if self._console.is_terminal:
            if key not in self._rows:
                self._rows[key] = self._bars.add_task("", total=1.0, name=shown, stage=stage, pace=pace)
            # Without a total the bar pulses instead of telling a fraction.
            self._bars.update(
                self._rows[key], total=None if fraction is None else 1.0, completed=fraction or 0.0, stage=stage, pace=pace
            )
        elif self._stages.get(key) != stage:
            self._console.print(f"{shown}: {stage}")
        self._stages[key] = stage
