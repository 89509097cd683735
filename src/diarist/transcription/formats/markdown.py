"""A transcript as Markdown with YAML front matter, as Obsidian and other vaults of notes like it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript
from diarist.transcription.formats.reading import Block, Origin, Passage, arrange, facts, notices
from diarist.transcription.formats.wording import plain

_MEANING = re.compile(r"([\\`*_\[\]<>$|^]|~(?=~)|=(?==)|%(?=%)|#(?=\w)|&(?=[#\w]+;))")
"""Characters that mean something within a line where they stand, in CommonMark or in Obsidian."""


def markdown(transcript: Transcript, origin: Origin) -> str:
    """Markdown; each paragraph begins with its time, which plays the moment where a play link exists.

    Doubtful text is marked, and a footnote says why.
    """
    notes: dict[str, int] = {}
    blocks = [f"# {_escaped(plain(origin.title))}", *(f"*{_escaped(notice)}*" for notice in notices(transcript))]
    blocks += [_block(block, origin, notes) for block in arrange(transcript)]
    blocks += [f"[^{number}]: {_escaped(note)}" for note, number in notes.items()]
    return f"---\n{''.join(_front_matter(transcript, origin))}---\n\n" + "\n\n".join(blocks) + "\n"


def _front_matter(transcript: Transcript, origin: Origin) -> Iterator[str]:
    # A JSON string is a YAML string, whatever is in it.
    yield f"title: {json.dumps(plain(origin.title), ensure_ascii=False)}\n"
    for name, value in facts(transcript, origin):
        # Unquoted, a date is a date for whoever sorts by it.
        yield f"{name}: {value if name == 'date' else json.dumps(value, ensure_ascii=False)}\n"
    if transcript.partial:
        yield "partial: true\n"


def _block(block: Block, origin: Origin, notes: dict[str, int]) -> str:
    if block.heading:
        return f"## {block.heading}"
    time, url = clock(block.start), origin.play_url(block.start)
    label = f"[{time}]({url})" if url else f"**{time}**"
    if block.gap:
        return f"> [!warning] {time}\n> {_escaped(block.gap)}"
    return f"{label} {' '.join(_passage(passage, notes) for passage in block.passages)}"


def _passage(passage: Passage, notes: dict[str, int]) -> str:
    text = _escaped(passage.text)
    if not passage.doubt:
        return text
    number = notes.setdefault(passage.doubt, len(notes) + 1)
    return f"<mark>{text}</mark>[^{number}]"


def _escaped(text: str) -> str:
    return _MEANING.sub(r"\\\1", text)
