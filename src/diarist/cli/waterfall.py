"""`diarist show --waterfall`: where the time of a recording went, drawn."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from diarist.cli.clock import duration
from diarist.cli.finding import find
from diarist.cli.interruption import run
from diarist.cli.opening import opened, settings_in_force
from diarist.cli.place import at_a_server
from diarist.cli.tables import STATES, quiet_table
from diarist.cli.terminal import print_block, print_json, results, room_for_bar, safe
from diarist.errors import NotSupported
from diarist.jobs.waterfall import Bar, Question, Waterfall, waterfall
from diarist.jobs.waterfall_schemas import waterfall_to_wire

_COLUMNS = 70
"""What stands beside the bars."""


def show_waterfall(typed: str, *, as_json: bool) -> None:
    """Print it, of the latest job of the recording that was typed; raises `NotSupported` where recordings are at a server."""
    if at_a_server():
        raise NotSupported(
            "the waterfall is drawn from the database, not over HTTP",
            advice="`GET /v1/jobs/{id}/waterfall` gives its numbers; or unset DIARIST_API_URL where the database is reached.",
        )
    settings = settings_in_force()

    async def read() -> Waterfall:
        async with opened(settings) as here:
            found = await find(here, typed)
            return await waterfall(here.runtime, here.account_id, found.job_id)

    found = run(read())
    if as_json:
        print_json(waterfall_to_wire(found).model_dump(mode="json"))
        return
    ascii_only = results().options.ascii_only
    print_block(_table(found, room_for_bar(_COLUMNS), ascii_only=ascii_only))
    print_block(_sum(found, ascii_only=ascii_only))


def _table(found: Waterfall, width: int, *, ascii_only: bool) -> Table:
    table = quiet_table(gap=1)
    for heading in ("stage", "state", "tries", "waited", "worked", "cpu", "cost"):
        table.add_column(heading, no_wrap=True, justify="left" if heading in {"stage", "state"} else "right")
    table.add_column("", no_wrap=True)
    draw = _Drawing(found.seconds, width, ascii_only=ascii_only)
    asked = list(found.questions)
    costs = {stage.stage: stage.cost_usd for stage in found.stages}
    for bar, label in _labelled(found.bars):
        cost = costs[bar.stage]
        tries = str(bar.attempts) + (f" ({bar.crashes} lost)" if bar.crashes else "")
        table.add_row(
            label, Text(bar.state, style=STATES.get(bar.state, "")), tries, duration(bar.waited),
            duration(bar.worked + bar.earlier), duration(bar.cpu_seconds), f"${cost:f}" if cost else "", draw.bar(bar),
        )  # fmt: skip
        if cost or bar.stage == found.stages[-1].stage:
            for one in asked:
                table.add_row(*_question(one), draw.question(one))
            asked = []
    return table


def _labelled(bars: tuple[Bar, ...]) -> Iterator[tuple[Bar, str]]:
    """Tasks of a stage that has several are numbered."""
    of_stage = {bar.stage: sum(other.stage == bar.stage for other in bars) for bar in bars}
    seen: dict[str, int] = {}
    for bar in bars:
        seen[bar.stage] = seen.get(bar.stage, 0) + 1
        yield bar, bar.stage if of_stage[bar.stage] == 1 else f"{bar.stage} {seen[bar.stage]}"


def _question(one: Question) -> tuple[str | Text, ...]:
    by = "kept answer" if one.cached else safe(one.model or "no answer")
    return (
        Text(f"  {safe(one.purpose)}", style="dim"),
        Text(by, style="dim"),
        str(one.calls),
        "",
        duration(one.took),
        "",
        f"${one.cost_usd:f}",
    )


def _sum(found: Waterfall, *, ascii_only: bool) -> Text:
    waited, worked = sum(one.waited for one in found.stages), sum(one.worked for one in found.stages)
    signs = "." if ascii_only else "·", "#" if ascii_only else "█"
    trace = f"; trace {found.trace_id}" if found.trace_id else ""
    told = (
        f"{duration(found.seconds)} in all; {duration(worked)} of work ({signs[1]}), {duration(waited)} of waiting ({signs[0]})"
    )
    return Text(f"{told}; language models cost ${found.cost_usd:f}{trace}", style="dim")


class _Drawing:
    """Bars on one line of time."""

    def __init__(self, seconds: float, width: int, *, ascii_only: bool) -> None:
        self._scale = width / seconds if seconds > 0 else 0.0
        self._width = width
        self._waiting, self._working = (".", "#") if ascii_only else ("·", "█")

    def bar(self, bar: Bar) -> Text:
        """What a task waited, and what it worked."""
        if bar.ready is None:
            return Text("")
        return self._line(bar.ready, bar.ready + bar.waited, bar.ready + bar.waited + bar.worked, STATES.get(bar.state, "cyan"))

    def question(self, one: Question) -> Text:
        """A question within its task."""
        return self._line(one.began, one.began, one.began + one.took, "magenta")

    def _line(self, ready: float, began: float, ended: float, style: str) -> Text:
        first, middle = (min(self._width - 1, round(moment * self._scale)) for moment in (ready, began))
        last = min(self._width, max(middle + 1, round(ended * self._scale)))
        working = (self._working * (last - middle), style) if ended > began else ""
        return Text.assemble(" " * first, (self._waiting * (middle - first), "yellow"), working)
