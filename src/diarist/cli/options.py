"""Arguments and options that several commands have in common."""

from __future__ import annotations

from typing import Annotated

import typer

Id = Annotated[str, typer.Argument(metavar="ID", help="An id, its last 4 digits or more, or `last` for the newest recording.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID", help="Ids, their last 4 digits or more, or `last`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document to stdout, and nothing else there.")]
Account = Annotated[str, typer.Option(help="The account's name; `diarist account list` shows all.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Return at once and say who will do the work.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many, newest first.")]
