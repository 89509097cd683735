"""The diary entry and the links that prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where in the recording a statement was said."""

    segment_ids: tuple[int, ...]
    """Places in the transcript's `segments`, ascending, at least one."""
    start: float
    """Seconds from the start of the recording, of the first quoted word."""
    end: float
    """Seconds, of the last quoted word."""
    quote: str
    """The exact words of the transcript, a substring of the cited segments' text joined by single spaces."""

    def overlaps(self, other: Citation) -> bool:
        """Whether both have a moment in common."""
        return self.start < other.end and other.start < self.end


def any_overlap(some: Sequence[Citation], others: Sequence[Citation]) -> bool:
    """Whether two of them, one of each, have a moment in common."""
    return any(one.overlaps(other) for one in some for other in others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the entry with its proof."""

    text: str
    citations: tuple[Citation, ...]
    edited: bool = False
    """Whether the owner wrote it so; it is kept when the entry is written anew, and nobody proves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something the speaker committed to do."""

    text: str
    due: str | None
    """The due words as spoken ("by Thursday")."""
    citations: tuple[Citation, ...]
    due_date: date | None = None
    """The day that the due words name, counted from the day of the recording; None where they name none for certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person, a place or a topic that was spoken of."""

    name: str
    citations: tuple[Citation, ...]
    """One for each sentence that mentions it, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How the speaker sounds in words, on the circumplex of affect (Russell 1980)."""

    valence: float
    """-1 unpleasant to 1 pleasant."""
    arousal: float | None
    """-1 calm to 1 excited; None when the composer cannot tell."""
    label: str
    """One word for people, such as `positive`."""
    citations: tuple[Citation, ...]
    """The sentences that caused it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A sentence that a model wrote and that could not be proven."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a language model took part."""

    model: str
    """As the provider calls it; empty when none answered."""
    provider: str
    prompt_version: str
    template: str
    """Name and version, such as `diary@1`."""
    cost_usd: Decimal = Decimal(0)
    calls: int = 0
    """Questions that were answered."""
    cached: int = 0
    """Those of them whose answer was there from before."""
    windows: int = 0
    """Pieces in which the transcript was read."""
    windows_unread: int = 0
    """Those that no model read; their most telling sentences stand for them as they were spoken."""
    claims_found: int = 0
    claims_dropped: Mapping[str, int] = field(default_factory=dict)
    """How many of the claims could not be proven, by reason."""
    sentences_written: int = 0
    sentences_dropped: tuple[Dropped, ...] = ()
    in_own_words: int = 0
    """Sentences of the entry that stand as they were spoken, since the model's could not be proven."""
    receipts: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A diary entry made from one transcript."""

    title: str
    sentences: tuple[Sentence, ...]
    """Empty when nothing was said."""
    action_items: tuple[ActionItem, ...]
    people: tuple[Mention, ...]
    topics: tuple[Mention, ...]
    mood: Mood | None
    """None when nothing was said or the language has no lexicon."""
    language: str | None
    """ISO 639-1."""
    composed_by: str
    """How it was made, such as `extractive`."""
    notes: tuple[str, ...] = ()
    """What a reader should know, such as "Nothing was said in this recording."."""
    places: tuple[Mention, ...] = ()
    quotes: tuple[Citation, ...] = ()
    """Words of the speaker that are worth keeping as they are."""
    provenance: Provenance | None = None
    """None where no language model was to take part."""
