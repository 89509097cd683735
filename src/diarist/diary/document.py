"""An entry as a document: each sentence at its moment, with the words that prove it as a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diarist.domain.clock import clock
from diarist.domain.diary import ActionItem, Citation, Entry
from diarist.transcription.formats.document import Block, Document, Origin, Passage
from diarist.transcription.formats.wording import plain


def entry_document(entry: Entry, origin: Origin) -> Document:
    """The whole entry."""
    return Document(
        title=plain(entry.title),
        language=entry.language,
        spoken_at=origin.spoken_at,
        facts=origin.facts(
            source=origin.title,
            language=entry.language or "",
            mood=entry.mood.label if entry.mood else "",
            composed_by=entry.composed_by,
        ),
        notices=tuple(plain(note) for note in entry.notes),
        blocks=tuple(_blocks(entry, origin)),
    )


def _blocks(entry: Entry, origin: Origin) -> Iterator[Block]:
    for sentence in entry.sentences:
        yield cited(sentence.text, sentence.citations, origin)
    sections = (
        ("To do", [(item.text + due_words(item), item.citations) for item in entry.action_items]),
        ("In your words", [(f"\u201c{quote.quote}\u201d", (quote,)) for quote in entry.quotes]),
        ("People", [(one.name, one.citations) for one in entry.people]),
        ("Places", [(one.name, one.citations) for one in entry.places]),
        ("Topics", [(one.name, one.citations) for one in entry.topics]),
    )
    for heading, things in sections:
        if things:
            yield Block(heading=heading)
        for text, citations in things:
            yield cited(text, citations, origin)


def due_words(item: ActionItem, gap: str = " ") -> str:
    """By when, as spoken and as a date, in brackets behind a gap; empty where nothing of the kind was said."""
    named = f", {item.due_date.isoformat()}" if item.due_date else ""
    return f"{gap}(due: {item.due}{named})" if item.due else ""


def cited(text: str, citations: Sequence[Citation], origin: Origin) -> Block:
    """A paragraph at the moment of its first citation; its note has the time and the words of each."""
    note = "; ".join(f"{clock(one.start)} \u201c{plain(one.quote)}\u201d" for one in citations)
    passages = (Passage(text=plain(text), note=note),)
    if not citations:
        return Block(passages=passages)
    return Block(time=clock(citations[0].start), url=origin.play_url(citations[0].start), passages=passages)
