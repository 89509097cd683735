"""The diary entry and the links that prove it."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the entry with its proof."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Something the speaker committed to do."""

    text: str
    due: str | None
    """The due words as spoken ("by Thursday"); never resolved to a date that was not said."""
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person or a topic that was spoken of."""

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
