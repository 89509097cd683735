"""The entry point: every command, in the order in which `--help` lists them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Annotated

import typer

from diarist import __version__
from diarist.cli import (
    accounts,
    add,
    backup,
    capacity,
    costs,
    day,
    db,
    debug,
    doctor,
    edit,
    entries,
    errors,
    evaluate,
    follow,
    jobs,
    keys,
    llm,
    models,
    notices,
    plugins,
    receipts,
    recordings,
    serving,
    storage,
    templates,
    transcripts,
    users,
    watch,
    webhooks,
)
from diarist.cli.exit_codes import SUMMARY
from diarist.cli.place import heed_server
from diarist.cli.reporting import reporting
from diarist.cli.sections import Sections

_COMMANDS: dict[str, dict[str, Callable[..., None] | typer.Typer]] = {
    "Recordings": {
        "add": add.add,
        "watch": watch.watch,
        "list": recordings.list_recordings,
        "show": recordings.show,
        "transcript": transcripts.transcript,
        "day": day.day,
        "days": day.days,
        "entry": entries.entry,
        "edit": edit.edit,
        "compose": entries.compose,
        "date": day.recorded,
        "receipts": receipts.app,
        "delete": recordings.delete,
    },
    "Work": {
        "jobs": jobs.jobs,
        "follow": follow.follow,
        "tasks": jobs.tasks,
        "resume": jobs.resume,
        "retry": jobs.retry,
        "cancel": jobs.cancel,
        "up": serving.up,
        "serve": serving.serve,
    },
    "Installation": {
        "doctor": doctor.doctor,
        "errors": errors.app,
        "debug": debug.app,
        "evaluate": evaluate.evaluate,
        "capacity": capacity.capacity,
        "costs": costs.costs,
        "notices": notices.notices,
        "model": models.app,
        "llm": llm.app,
        "plugins": plugins.plugins,
        "account": accounts.app,
        "keys": keys.app,
        "users": users.app,
        "webhooks": webhooks.app,
        "template": templates.app,
        "storage": storage.app,
        "db": db.app,
        "backup": backup.app,
    },
}

_OPERATING = {*_COMMANDS["Installation"], "up", "serve"}
"""Commands for whoever runs a server, which work on what lies on its machine."""

Version = Annotated[bool, typer.Option("--version", help="Print the version and exit.")]


def diarist(context: typer.Context, *, version: Version = False) -> None:
    """Talk, and it is written: turn recordings into a diary in which every sentence can be played back."""
    if version:
        typer.echo(f"diarist {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None and "--help" not in sys.argv:
        heed_server(context.invoked_subcommand, operates=context.invoked_subcommand in _OPERATING)


def new_app() -> typer.Typer:
    """The whole command line."""
    # Typer's help in Rich takes longer to import than all else together; ours is plain, and there at once.
    app = typer.Typer(name="diarist", cls=Sections, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=SUMMARY)
    app.callback(invoke_without_command=True, no_args_is_help=True)(reporting(diarist))
    for section, commands in _COMMANDS.items():
        for name, command in commands.items():
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name, rich_help_panel=section)
            else:
                app.command(name, rich_help_panel=section)(reporting(command))
    return app


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # names of files may hold bytes that are no text
    new_app()(prog_name="diarist")
