"""`diarist transcript`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.files import Output, chosen_format, put
from diarist.cli.options import AsJson, Id
from diarist.cli.place import at_a_server
from diarist.transcription.formats.form import (
    LONGEST_LINE,
    MOST_LINES,
    SHORTEST_LINE,
    USUAL,
    Layout,
    TranscriptFormat,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diarist.domain.transcript import Transcript

    Read = tuple[bytes, Transcript | None, bool]
    """The bytes of a file, or the transcript itself; and whether more is to come."""


Chosen = Annotated[
    TranscriptFormat | None,
    typer.Option("--format", "-f", help="Print a file of this format instead of the view for reading."),
]
LineLength = Annotated[
    int, typer.Option("--max-line-length", min=SHORTEST_LINE, max=LONGEST_LINE, help="Columns of a line of srt and vtt.")
]
Lines = Annotated[int, typer.Option("--max-lines", min=1, max=MOST_LINES, help="Lines of a subtitle of srt and vtt.")]


def transcript(
    ident: Id,
    *,
    form: Chosen = None,
    output: Output = None,
    max_line_length: LineLength = USUAL.max_line_length,
    max_lines: Lines = USUAL.max_lines,
    as_json: AsJson = False,
) -> None:
    """Print what was said, with times.

    While the job runs, it is what there is so far.
    """
    from diarist.cli.terminal import messages

    chosen = chosen_format(TranscriptFormat.JSON if as_json else form, output, TranscriptFormat)
    layout = Layout(max_line_length=max_line_length, max_lines=max_lines)
    content, found, partial = (_at_a_server if at_a_server() else _here)(ident, chosen, layout)
    if found is not None:
        _print(found)
    else:
        put(content, output)
    if partial:
        messages().print("This is what there is so far; more is to come.")


def _at_a_server(ident: str, chosen: TranscriptFormat | None, layout: Layout) -> Read:
    from diarist.cli.remote.reading import transcript_file, transcript_of

    if chosen is None:
        found = transcript_of(ident)
        return b"", found, found.partial
    return transcript_file(ident, chosen, layout)


def _here(ident: str, chosen: TranscriptFormat | None, layout: Layout) -> Read:
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.transcription.exports import export_transcript
    from diarist.transcription.service import read_transcript

    async def read() -> Read:
        async with opened(settings_in_force()) as here:
            recording_id = (await find(here, ident)).recording_id
            if chosen:
                export = await export_transcript(here.runtime, here.account_id, recording_id, chosen, layout)
                return export.content, None, export.partial
            found = await read_transcript(here.runtime, here.account_id, recording_id)
            return b"", found, found.partial

    return run(read())


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
    """Time, text and style of each line; gaps stand where they are, and what is suspect says so."""
    from diarist.cli.clock import clock
    from diarist.domain.channels import label

    lines = [
        (segment.start, f"{label(segment.channel)}[doubtful: {', '.join(segment.suspicions)}] {segment.text}", "yellow")
        if segment.suspicions
        else (segment.start, f"{label(segment.channel)}{segment.text}", "")
        for segment in found.segments
    ]
    lines += [(gap.span.start, f"[not transcribed until {clock(gap.span.end)}: {gap.message}]", "yellow") for gap in found.gaps]
    for start, text, style in sorted(lines, key=lambda line: line[0]):
        yield clock(start), text, style
