"""A transcript arranged for readers: paragraphs with times and speakers, parts with headings, gaps and doubts in their places."""

from __future__ import annotations

from collections.abc import Iterator

from diarist.domain.channels import speaker
from diarist.domain.clock import clock
from diarist.domain.transcript import Gap, Segment, Transcript
from diarist.transcription.formats.document import Block, Document, Origin, Passage
from diarist.transcription.formats.lines import ENDS, QUOTES
from diarist.transcription.formats.wording import plain

_PAUSE = 2.0
"""Seconds of silence that begin a new paragraph."""
_ENOUGH, _TOO_MUCH = 500, 1200
"""Characters after which a paragraph ends with a sentence, and with whatever comes."""
_PART = 600.0
"""Seconds between headings."""
_LONG = 1200.0
"""Seconds from which on a recording gets headings."""


def transcript_document(transcript: Transcript, origin: Origin) -> Document:
    """The whole transcript, none of its text left out."""
    return Document(
        title=plain(origin.title),
        language=transcript.language,
        spoken_at=origin.spoken_at,
        facts=origin.facts(
            duration=clock(transcript.duration),
            language=transcript.language or "",
            model=transcript.model,
            engine=transcript.engine,
            sound_filter=transcript.sound_filter,
            trust="" if transcript.trust is None else str(transcript.trust),
            partial="true" if transcript.partial else "",
        ),
        notices=tuple(_notices(transcript)),
        blocks=tuple(_blocks(transcript, origin)),
    )


def _notices(transcript: Transcript) -> Iterator[str]:
    if transcript.partial:
        yield "This is what there is so far; more is to come."
    elif not transcript.segments and not transcript.gaps:
        yield "Nothing was said in this recording."
    if transcript.sound_filter:
        yield f"Heard with less noise than was recorded: filtered by {transcript.sound_filter}."
    if transcript.withdrawn:
        yield f"Taken back after a second hearing: {len(transcript.withdrawn)} (the JSON has what)."


def _blocks(transcript: Transcript, origin: Origin) -> Iterator[Block]:
    heading_at = 0.0 if transcript.duration >= _LONG else float("inf")
    for thing in _paragraphs(transcript):
        start = thing.span.start if isinstance(thing, Gap) else thing[0].start
        time, url = clock(start), origin.play_url(start)
        if start >= heading_at:
            yield Block(heading=time)
            heading_at = start + _PART
        if isinstance(thing, Gap):
            missing = f"Not transcribed until {clock(thing.span.end)}: {plain(thing.message)} ({thing.code})"
            yield Block(time=time, url=url, gap=missing)
        else:
            yield Block(time=time, url=url, speaker=speaker(thing[0].channel), passages=tuple(_passages(thing)))


def _paragraphs(transcript: Transcript) -> Iterator[list[Segment] | Gap]:
    """Segments that belong together, and gaps, in order of time."""
    things: list[Segment | Gap] = [*transcript.segments, *transcript.gaps]
    things.sort(key=lambda thing: thing.span.start if isinstance(thing, Gap) else thing.start)
    paragraph: list[Segment] = []
    for thing in things:
        if paragraph and (isinstance(thing, Gap) or _ends(paragraph, thing)):
            yield paragraph
            paragraph = []
        if isinstance(thing, Gap):
            yield thing
        elif plain(thing.text):
            paragraph.append(thing)
    if paragraph:
        yield paragraph


def _ends(paragraph: list[Segment], following: Segment) -> bool:
    last = paragraph[-1]
    if last.channel != following.channel:
        return True
    length = sum(len(segment.text) for segment in paragraph)
    whole_sentence = last.text.rstrip().rstrip(QUOTES).endswith(ENDS)
    return following.start - last.end >= _PAUSE or length >= _TOO_MUCH or (length >= _ENOUGH and whole_sentence)


def _passages(segments: list[Segment]) -> Iterator[Passage]:
    """Runs of text against which the same speaks, or nothing."""
    texts: list[str] = []
    for place, segment in enumerate(segments):
        texts.append(plain(segment.text))
        if place + 1 == len(segments) or segments[place + 1].suspicions != segment.suspicions:
            reasons = ", ".join(code.replace("_", " ") for code in segment.suspicions)
            note = f"This may not be what was said: {reasons}." if reasons else ""
            yield Passage(text=" ".join(texts), note=note, doubtful=bool(note))
            texts = []
