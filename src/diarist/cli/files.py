"""Files that commands write: where to, in which format, and never by accident to a terminal."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from diarist.errors import InvalidInput
from diarist.transcription.formats.form import TranscriptFormat

Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", dir_okay=False, help="Write the file there; its ending tells the format, if `--format` does not."
    ),
]


class DocumentFormat(StrEnum):
    """What an entry or a day can be written as."""

    MD = "md"
    DOCX = "docx"
    PDF = "pdf"


AsDocument = Annotated[
    DocumentFormat | None, typer.Option("--format", "-f", help="Make a file of this format instead of the view for reading.")
]


def chosen_format(form: StrEnum | None, output: Path | None, known: type[StrEnum]) -> TranscriptFormat | None:
    """The format of the file to be made; None for the view for reading.

    Raises `InvalidInput` when the file's ending names none of those that are known, and for what is no text on a terminal.
    """
    chosen = TranscriptFormat(form) if form else _by_ending(output, known)
    if chosen:
        _refuse_terminal(chosen, output)
    return chosen


def _by_ending(output: Path | None, known: type[StrEnum]) -> TranscriptFormat | None:
    if output is None:
        return None
    for form in known:
        if output.suffix.lower() == f".{form.value}":
            return TranscriptFormat(form)
    raise InvalidInput(
        f"the ending of {output.name!r} names no format",
        advice=f"Use one of {', '.join(form.value for form in known)}, or say which with `--format`.",
    )


def _refuse_terminal(form: TranscriptFormat, output: Path | None) -> None:
    if form.binary and output is None and sys.stdout.isatty():
        raise InvalidInput(f"{form.value} is of no use on a terminal", advice="Say where to put it with `--output FILE`.")


def put(content: bytes, output: Path | None) -> None:
    """Write a file, or to stdout; raises `InvalidInput`."""
    from diarist.cli.terminal import messages, safe

    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise InvalidInput(
            f"{output} cannot be written: {error.strerror}", advice="Choose a place that you may write to, with room on it."
        ) from error
    messages().print(f"Written to {safe(str(output))}.")
