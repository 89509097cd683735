"""`diarist add`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diarist.cli.options import AsJson, NoWait

Files = Annotated[
    list[Path],
    # Typer would refuse an unreadable file as a mistake in the command line; it is one file of several, with its own status.
    typer.Argument(metavar="FILE", readable=False, help="Recordings, in any format with sound; `-` reads one from stdin."),
]


def add(files: Files, *, no_wait: NoWait = False, as_json: AsJson = False) -> None:
    """Take recordings in and turn them into diary entries.

    The same recording twice is one recording. A file that is refused does not stop the others; the exit status is that of
    the first file that failed. While another process works on the data directory, that one does the work.
    """
    from diarist.cli.adding import add_files

    raise typer.Exit(add_files(files, wait=not no_wait, as_json=as_json))
