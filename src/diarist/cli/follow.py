"""`diarist follow`."""

from __future__ import annotations

from typing import Annotated

import typer

from diarist.cli.place import at_a_server

Followed = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="A recording or job: an id, its last 4 digits or more, or `last`; all that is unfinished if left out."
    ),
]
Lines = Annotated[bool, typer.Option("--json", help="Print a JSON document on each line of stdout, and nothing else there.")]


def follow(ident: Followed = None, *, as_json: Lines = False) -> None:
    """Watch work until it has ended, without doing any of it.

    The exit status is that of `add`: how the first job ended that did not end well. With `--json` each line is an object with
    a `type`: `job.progress` whenever a job gets further, and `job.ended` with its recording, job and entry.
    """
    if at_a_server():
        from diarist.cli.remote.following import follow_jobs
    else:
        from diarist.cli.following import follow_jobs
    raise typer.Exit(follow_jobs(ident, as_json=as_json))
