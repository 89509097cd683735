"""A transcript arranged for readers: paragraphs with their times, parts with headings, gaps and doubts in their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from diarist.domain.clock import clock
from diarist.domain.transcript import Gap, Segment, Transcript
from diarist.errors import NotSupported
from diarist.transcription.formats.lines import ENDS, QUOTES
from diarist.transcription.formats.wording import plain

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ur", "yi"})
"""Languages, ISO 639-1."""
_PAUSE = 2.0
"""Seconds of silence that begin a new paragraph."""
_ENOUGH, _TOO_MUCH = 500, 1200
"""Characters after which a paragraph ends with a sentence, and with whatever comes."""
_PART = 600.0
"""Seconds between headings."""
_LONG = 1200.0
"""Seconds from which on a recording gets headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a document says of the recording that it was made from."""

    recording_id: str
    title: str
    added_at: datetime
    audio_url: str | None = None
    """Where the audio can be played; None where no absolute address is known."""

    def play_url(self, seconds: float) -> str | None:
        """The address of a moment (W3C Media Fragments)."""
        return f"{self.audio_url}#t={seconds:.2f}" if self.audio_url else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Text against which the same speaks, or nothing."""

    text: str
    suspicions: tuple[str, ...]

    @property
    def doubt(self) -> str:
        """Why it is doubtful, for people; empty when it is not."""
        reasons = ", ".join(code.replace("_", " ") for code in self.suspicions)
        return f"This may not be what was said: {reasons}." if reasons else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a paragraph or a gap."""

    start: float
    """Seconds."""
    heading: str = ""
    passages: tuple[Passage, ...] = ()
    gap: str = ""
    """What is missing and why."""


def facts(transcript: Transcript, origin: Origin) -> list[tuple[str, str]]:
    """What stands at the top of a document, by name."""
    named = [
        ("date", origin.added_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("duration", clock(transcript.duration)),
        ("language", transcript.language or ""),
        ("model", transcript.model),
        ("engine", transcript.engine),
        ("trust", "" if transcript.trust is None else f"{transcript.trust}"),
        ("recording", origin.recording_id),
    ]
    return [(name, plain(value)) for name, value in named if value]


def notices(transcript: Transcript) -> list[str]:
    """What a reader must know of the whole."""
    found: list[str] = []
    if transcript.partial:
        found.append("This is what there is so far; more is to come.")
    if not transcript.segments and not transcript.gaps and not transcript.partial:
        found.append("Nothing was said in this recording.")
    gone = len(transcript.withdrawn)
    if gone:
        found.append(
            f"{gone} doubtful passage{'s were' if gone > 1 else ' was'} withdrawn after a second hearing; the JSON has them."
        )
    return found


def no_libraries() -> NotSupported:
    """What is raised where documents cannot be made."""
    return NotSupported(
        "this installation has no libraries for Word documents and PDF",
        advice="Install them with `pip install 'diarist[export]'`; txt, md, srt, vtt and json need nothing.",
    )


def arrange(transcript: Transcript) -> Iterator[Block]:
    """The blocks in order of time."""
    parts = transcript.duration >= _LONG
    heading_at = 0.0
    for block in _ordered(transcript):
        if parts and block.start >= heading_at:
            yield Block(start=block.start, heading=clock(block.start))
            heading_at = block.start + _PART
        yield block


def _ordered(transcript: Transcript) -> Iterator[Block]:
    things: list[Segment | Gap] = [*transcript.segments, *transcript.gaps]
    things.sort(key=lambda thing: thing.span.start if isinstance(thing, Gap) else thing.start)
    paragraph: list[Segment] = []
    for thing in things:
        if paragraph and (isinstance(thing, Gap) or _ends(paragraph, thing)):
            yield _paragraph(paragraph)
            paragraph = []
        if isinstance(thing, Gap):
            until = clock(thing.span.end)
            yield Block(start=thing.span.start, gap=f"Not transcribed until {until}: {plain(thing.message)} ({thing.code})")
        elif plain(thing.text):
            paragraph.append(thing)
    if paragraph:
        yield _paragraph(paragraph)


def _ends(paragraph: list[Segment], following: Segment) -> bool:
    last = paragraph[-1]
    length = sum(len(segment.text) for segment in paragraph)
    whole_sentence = last.text.rstrip().rstrip(QUOTES).endswith(ENDS)
    return following.start - last.end >= _PAUSE or length >= _TOO_MUCH or (length >= _ENOUGH and whole_sentence)


def _paragraph(segments: list[Segment]) -> Block:
    passages: list[Passage] = []
    for segment in segments:
        text = plain(segment.text)
        if passages and passages[-1].suspicions == segment.suspicions:
            text = f"{passages.pop().text} {text}"
        passages.append(Passage(text=text, suspicions=segment.suspicions))
    return Block(start=segments[0].start, passages=tuple(passages))
