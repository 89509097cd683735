"""The list of commands in `--help`, in sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterable


class Sections(TyperGroup):
    """A group that lists its commands under the section each was registered with, in that order.

    Typer does so only in its Rich help, which takes longer to import than everything else together.
    """

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - given by Typer
        """Write a section after the other."""
        sections: dict[str, list[tuple[str, str]]] = {}
        width = formatter.width - 4 - max(map(len, self.commands))
        for name, command in _visible(self.commands.items()):
            section = str(command.rich_help_panel or "Commands")
            sections.setdefault(section, []).append((name, command.get_short_help_str(width)))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl(rows)


def _visible(commands: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, TyperCommand | TyperGroup]]:
    return ((name, command) for name, command in commands if not command.hidden)
