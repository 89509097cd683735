"""Tells which characters of a text no font can draw."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

_NAMED = 5
"""Characters that are named; the others are counted."""


def undrawable(text: str, folders: Sequence[Path]) -> list[str]:
    """The characters that none of the fonts in the folders has, in order of code point."""
    from fontTools.ttLib import TTFont

    wanted = {ord(character) for character in set(text) if _drawn(character)}
    # The plainest first: most texts need no other, and fonts take long to read.
    for path in sorted((path for folder in folders for path in folder.iterdir()), key=lambda path: (len(path.name), path.name)):
        if wanted and path.suffix in {".ttf", ".otf", ".ttc"}:
            with TTFont(path, lazy=True, fontNumber=0) as font:
                wanted -= font.getBestCmap().keys()
    return [chr(point) for point in sorted(wanted)]


def in_words(characters: Collection[str]) -> str:
    """The characters by name, such as `CUNEIFORM SIGN A`."""
    names = [unicodedata.name(character, f"U+{ord(character):04X}") for character in characters]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _drawn(character: str) -> bool:
    """Whether it needs a glyph: joiners, marks of direction and selectors do not."""
    return not character.isspace() and unicodedata.category(character) != "Cf" and not "\ufe00" <= character <= "\ufe0f"
