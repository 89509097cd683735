"""What is written to a terminal: results on stdout, everything else on stderr, and nothing that could steer the terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_WIDE = 10_000
"""Columns where nobody looks: into a pipe or a file nothing is wrapped or cut."""
_NARROWEST_BAR, _UNSEEN_BAR = 10, 60
"""Columns of a bar in a terminal that is too narrow, and where nobody looks."""
_STEERING = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows, or break lines unseen."""


def results() -> Console:
    """The console of stdout."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


def messages() -> Console:
    """The console of stderr."""
    from rich.console import Console

    return Console(
        stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True, width=None if sys.stderr.isatty() else _WIDE
    )


def room_for_bar(beside: int) -> int:
    """Columns of a bar on stdout that has so many others `beside` it."""
    console = results()
    return max(_NARROWEST_BAR, console.width - beside) if console.is_terminal else _UNSEEN_BAR


def print_block(block: RenderableType) -> None:
    """Print a table or grid to stdout; where nobody looks, without the blanks that fill its lines."""
    console = results()
    if console.is_terminal:
        console.print(block, soft_wrap=False)
        return
    with console.capture() as captured:
        console.print(block)
    for line in captured.get().splitlines():
        console.print(line.rstrip())


def safe(text: str) -> str:
    """The text on one line, with whatever could steer a terminal replaced by a visible sign."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _steers(character) else character for character in text)


def print_json(document: Any) -> None:
    """Write one JSON document to stdout."""
    sys.stdout.write(_json(document, indent=2))


def print_json_line(document: Any) -> None:
    """Write a JSON document to stdout as one line, at once."""
    sys.stdout.write(_json(document, indent=None))
    sys.stdout.flush()


def _json(document: Any, *, indent: int | None) -> str:
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(document, ensure_ascii=not readable, indent=indent) + "\n"


def _steers(character: str) -> bool:
    return character in _STEERING or unicodedata.category(character) in {"Cc", "Cs"}
