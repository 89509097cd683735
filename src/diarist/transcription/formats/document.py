"""What is put on pages for people: a title, facts, and paragraphs with their times; three formats draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from diarist.errors import NotSupported
from diarist.transcription.formats.wording import plain

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "sd", "ur", "yi"})
"""Languages, ISO 639-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a document says of the recording that it was made from."""

    recording_id: str
    title: str
    spoken_at: datetime
    audio_url: str | None = None
    """Where the audio can be played; None where no absolute address is known."""

    def play_url(self, seconds: float) -> str | None:
        """The address of a moment (W3C Media Fragments)."""
        return f"{self.audio_url}#t={seconds:.2f}" if self.audio_url else None

    def facts(self, **named: str) -> tuple[tuple[str, str], ...]:
        """The facts that are known, on one line each; when and what the recording was is among them."""
        when = self.spoken_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told = {"date": when, **named, "recording": self.recording_id}
        return tuple((name, plain(value)) for name, value in told.items() if plain(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of a paragraph."""

    text: str
    note: str = ""
    """What a reader should know of it, as a footnote or a comment."""
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, a paragraph or a gap; all text is plain and on one line."""

    time: str = ""
    """As on a clock; empty for what belongs to no moment."""
    url: str | None = None
    """Plays the moment."""
    heading: str = ""
    speaker: str = ""
    """Who says it; empty where that is not known."""
    passages: tuple[Passage, ...] = ()
    gap: str = ""
    """What is missing and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A transcript or an entry, ready to be drawn."""

    title: str
    language: str | None
    """ISO 639-1."""
    spoken_at: datetime
    facts: tuple[tuple[str, str], ...]
    """By name, in the order in which they are shown."""
    notices: tuple[str, ...]
    """What a reader must know of the whole."""
    blocks: tuple[Block, ...]

    @property
    def right_to_left(self) -> bool:
        """Whether its lines run that way."""
        return self.language in RIGHT_TO_LEFT


def no_libraries() -> NotSupported:
    """What is raised where Word documents and PDFs cannot be made."""
    return NotSupported(
        "this installation has no libraries for Word documents and PDF",
        advice="Install them with `pip install 'diarist[export]'`; the other formats need nothing.",
    )
