"""A day as a document: its entries one after the other, then what they hold, gathered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from diarist.diary.days.page import Mentioned, Page, Part
from diarist.diary.document import cited, due_words
from diarist.domain.clock import clock
from diarist.domain.diary import Citation
from diarist.domain.job import UNFINISHED
from diarist.transcription.exports import origin_at
from diarist.transcription.formats.document import Block, Document, Origin, Passage
from diarist.transcription.formats.wording import plain

NOTHING = "Nothing was recorded on this day."


def day_document(page: Page, public_url: str) -> Document:
    """The whole page; its moments can be played where the address of the server is known."""
    languages = {part.entry.language for part in page.parts if part.entry and part.entry.language}
    facts = {
        "date": page.date.isoformat(),
        "time_zone": page.days.zone.key,
        "recordings": str(len(page.parts) + page.left_out),
        "duration": clock(page.duration),
    }
    return Document(
        title=page.title,
        language=languages.pop() if len(languages) == 1 else None,
        spoken_at=page.parts[0].spoken_at if page.parts else page.days.start_of(page.date),
        facts=tuple(facts.items()),
        notices=tuple(_notices(page)),
        blocks=tuple(_blocks(page, public_url)),
    )


def _notices(page: Page) -> Iterator[str]:
    if not page.parts:
        yield NOTHING
    if page.left_out:
        yield f"{page.left_out} later recordings of this day are not shown."


def _blocks(page: Page, public_url: str) -> Iterator[Block]:
    origins = {part.recording_id: origin_at(part.recording_id, part.filename, part.spoken_at, public_url) for part in page.parts}
    for part in page.parts:
        yield Block(heading=plain(f"{page.clock(part)} {part.name}"))
        yield from _told(part, origins[part.recording_id])
    gathered = (
        ("To do", [(item.text + due_words(item), [(part, item.citations)]) for part, item in page.action_items]),
        ("In your words", [(f"\u201c{quote.quote}\u201d", [(part, (quote,))]) for part, quote in page.quotes]),
        ("People", _named(page.people)),
        ("Places", _named(page.places)),
        ("Topics", _named(page.topics)),
    )
    for heading, things in gathered:
        if things:
            yield Block(heading=heading)
        for text, places in things:
            yield _gathered(page, text, places, origins)


def _told(part: Part, origin: Origin) -> Iterator[Block]:
    """The sentences of a recording, or why there are none."""
    if part.entry is None:
        state = "It is not written yet" if part.job_state in UNFINISHED else "It has no entry"
        yield Block(passages=(Passage(text=f"{state}: its job is {part.job_state}."),))
        return
    for note in part.entry.notes:
        yield Block(passages=(Passage(text=plain(note)),))
    for sentence in part.entry.sentences:
        yield cited(sentence.text, sentence.citations, origin)


_Places = Sequence[tuple[Part, Sequence[Citation]]]


def _named(found: Sequence[Mentioned]) -> list[tuple[str, _Places]]:
    return [(one.name, one.places) for one in found]


def _gathered(page: Page, text: str, places: _Places, origins: dict[UUID, Origin]) -> Block:
    """A line whose note says at what time of the day, and where in which recording."""
    note = "; ".join(
        f"{page.clock(part)} {plain(part.name)}, {clock(one.start)} \u201c{plain(one.quote)}\u201d"
        for part, citations in places
        for one in citations
    )
    part, citations = places[0]
    url = origins[part.recording_id].play_url(citations[0].start) if citations else None
    return Block(time=page.clock(part), url=url, passages=(Passage(text=plain(text), note=note),))
