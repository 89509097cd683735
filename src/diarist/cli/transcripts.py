"""`diarist transcript`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import AsJson, Id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diarist.domain.transcript import Transcript


class Format(StrEnum):
    """Those of `transcription.formats.form`, repeated so that `--help` need not load them; a test compares the two."""

    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


Chosen = Annotated[
    Format | None, typer.Option("--format", "-f", help="Print a file of this format instead of the view for reading.")
]


def transcript(ident: Id, *, form: Chosen = None, as_json: AsJson = False) -> None:
    """Print what was said, with times.

    While the job runs, it is what there is so far.
    """
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import messages
    from diarist.transcription.formats.form import TranscriptFormat
    from diarist.transcription.formats.rendering import render
    from diarist.transcription.service import read_transcript

    async def read() -> Transcript:
        async with opened(settings_in_force()) as here:
            return await read_transcript(here.runtime, here.account_id, (await find(here, ident)).recording_id)

    found = run(read())
    if as_json or form:
        sys.stdout.write(render(found, TranscriptFormat.JSON if as_json or not form else TranscriptFormat(form)))
    else:
        _print(found)
    if found.partial:
        messages().print("This is what there is so far; more is to come.")


def _print(found: Transcript) -> None:
    from rich.table import Table
    from rich.text import Text

    from diarist.cli.terminal import messages, print_block, safe

    if not found.segments and not found.gaps:
        messages().print("Nothing was said in this recording.")
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column()
    for time, text, style in _lines(found):
        table.add_row(time, Text(safe(text), style=style))
    print_block(table)


def _lines(found: Transcript) -> Iterator[tuple[str, str, str]]:
    """Time, text and style of each line; gaps stand where they are."""
    from diarist.cli.clock import clock

    lines = [(segment.start, segment.text, "") for segment in found.segments]
    lines += [(gap.span.start, f"[not transcribed until {clock(gap.span.end)}: {gap.message}]", "yellow") for gap in found.gaps]
    for start, text, style in sorted(lines, key=lambda line: line[0]):
        yield clock(start), text, style
