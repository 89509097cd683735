"""The reference page of commands: what each says of itself with `--help`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from diarist.cli.main import new_app
from reference_markdown import page

WIDTH = 100
"""Columns of the help texts."""


def help_texts(command: Any, parent: Any = None) -> Iterator[tuple[str, str]]:
    """Each command's path and help, a group before what is in it."""
    context = command.context_class(command, parent=parent, info_name=command.name, terminal_width=WIDTH, max_content_width=WIDTH)
    yield context.command_path, command.get_help(context)
    for inner in getattr(command, "commands", {}).values():
        yield from help_texts(inner, context)


def commands_page() -> str:
    """The page."""
    sections = [f"## `{path}`\n\n```\n{text.rstrip()}\n```" for path, text in help_texts(get_command(new_app()))]
    return page(
        "Commands", "src/diarist/cli/", "What each says with `--help`. How each ends: [exit statuses](exit-codes.md).", *sections
    )
