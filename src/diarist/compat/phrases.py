"""Free text about a recording, as other APIs take it, turned into a vocabulary; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diarist.domain.hints import MAX_TERM, MAX_TERMS

_BORDERS = re.compile(r"[,.;:!?\n\r\u3001\u3002\uff0c]+(?:\s|$)|[\n\r\u3001\u3002\uff0c]")


def phrases(prompt: str) -> list[str]:
    """The phrases of a prompt, the first `MAX_TERMS`; long ones are cut between words, words that are too long left out."""
    found: dict[str, None] = {}
    for part in _BORDERS.split(prompt):
        for phrase in _cut(part):
            found.setdefault("".join(character for character in phrase if character.isprintable()))
    found.pop("", None)
    return list(found)[:MAX_TERMS]


def _cut(part: str) -> Iterator[str]:
    phrase = ""
    for word in part.split():
        longer = f"{phrase} {word}" if phrase else word
        if len(longer) <= MAX_TERM:
            phrase = longer
            continue
        yield phrase
        phrase = word if len(word) <= MAX_TERM else ""
    yield phrase
