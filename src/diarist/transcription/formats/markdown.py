"""Documents as Markdown with YAML front matter, as Obsidian and other vaults of notes like it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from diarist.transcription.formats.document import Block, Document, Passage

_MEANING = re.compile(r"([\\`*_\[\]<>$|^]|~(?=~)|=(?==)|%(?=%)|#(?=\w)|&(?=[#\w]+;))")
"""Characters that mean something within a line where they stand, in CommonMark or in Obsidian."""
_UNQUOTED = {"date", "partial"}


def markdown(document: Document) -> str:
    """Markdown; each paragraph begins with its time, which plays the moment where a play link exists.

    Doubtful text is marked, and notes are footnotes.
    """
    notes: dict[str, int] = {}
    blocks = [f"# {_escaped(document.title)}", *(f"*{_escaped(notice)}*" for notice in document.notices)]
    blocks += [_block(block, notes) for block in document.blocks]
    blocks += [f"[^{number}]: {_escaped(note)}" for note, number in notes.items()]
    return f"---\n{''.join(_front_matter(document))}---\n\n" + "\n\n".join(blocks) + "\n"


def _front_matter(document: Document) -> Iterator[str]:
    # A JSON string is a YAML string, whatever is in it; unquoted, a date is a date for whoever sorts by it.
    yield f"title: {json.dumps(document.title, ensure_ascii=False)}\n"
    for name, value in document.facts:
        yield f"{name}: {value if name in _UNQUOTED else json.dumps(value, ensure_ascii=False)}\n"


def _block(block: Block, notes: dict[str, int]) -> str:
    if block.heading:
        return f"## {_escaped(block.heading)}"
    if block.gap:
        return f"> [!warning] {block.time}\n> {_escaped(block.gap)}"
    label = f"[{block.time}]({block.url})" if block.url else f"**{block.time}**"
    speaker = [f"**{_escaped(block.speaker)}:**"] if block.speaker else []
    return " ".join([*([label] if block.time else []), *speaker, *(_passage(passage, notes) for passage in block.passages)])


def _passage(passage: Passage, notes: dict[str, int]) -> str:
    text = _escaped(passage.text)
    marked = f"<mark>{text}</mark>" if passage.doubtful else text
    return f"{marked}[^{notes.setdefault(passage.note, len(notes) + 1)}]" if passage.note else marked


def _escaped(text: str) -> str:
    return _MEANING.sub(r"\\\1", text)
