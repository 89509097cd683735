"""`diarist watch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to watch; a share of the network may be one.")]
Recursive = Annotated[bool, typer.Option("--recursive", "-r", help="Look into the folders in it as well.")]
Settle = Annotated[
    float, typer.Option(min=0.1, max=86_400, help="Seconds for which a file must not have changed before it is taken.")
]
Once = Annotated[bool, typer.Option("--once", help="Take what is there, wait for it, and end; for cron.")]
MoveTo = Annotated[Path | None, typer.Option(metavar="DIR", help="Move what was taken there; without it, it stays.")]
MoveRefusedTo = Annotated[Path | None, typer.Option(metavar="DIR", help="Move what is no recording there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print a line of JSON to stdout for each event.")]


def watch(
    folder: Folder,
    *,
    recursive: Recursive = False,
    settle: Settle = 5.0,
    once: Once = False,
    move_to: MoveTo = None,
    move_refused_to: MoveRefusedTo = None,
    as_json: AsJson = False,
) -> None:
    """Take in each recording that is put into a folder, once.

    A file is taken when nobody has written to it for a while. Hidden files, and those whose names say that they are not
    finished, are left alone, and links are not followed. A file that is refused is told of once, and not tried again until it
    changes. While another process works on the data directory, that one does the work.
    """
    from diarist.cli.watching.command import watch_folder

    raise typer.Exit(
        watch_folder(
            folder, recursive=recursive, settle=settle, once=once, taken=move_to, refused=move_refused_to, as_json=as_json
        )
    )
