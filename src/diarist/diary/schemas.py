"""Entries on the wire."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from diarist.diary.edits import LONGEST
from diarist.diary.models import EntryRow

_CITATION: JsonDict = {"segment_ids": [3], "start": 12.4, "end": 15.9, "quote": "I called Anna about the garden"}
_EXAMPLE: JsonDict = {
    "id": "019a0c60-11b2-7c55-a0f3-1c2d3e4f5a6b",
    "recording_id": "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11",
    "job_id": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02",
    "version": 1,
    "created_at": "2026-11-03T19:20:19.031Z",
    "title": "The garden",
    "sentences": [{"text": "I called Anna about the garden.", "citations": [_CITATION], "edited": False}],
    "action_items": [],
    "people": [{"name": "Anna", "citations": [_CITATION]}],
    "topics": [{"name": "garden", "citations": [_CITATION]}],
    "mood": {"valence": 0.3, "arousal": None, "label": "positive", "citations": [_CITATION]},
    "language": "en",
    "composed_by": "extractive",
    "notes": [],
    "places": [],
    "quotes": [],
    "provenance": None,
}
_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)


class Citation(BaseModel):
    """Where in the recording a statement was said."""

    model_config = _DOCUMENTED

    segment_ids: list[int]
    """Ids of the transcript's segments, ascending, at least one."""
    start: float
    """Seconds from the start of the recording, of the first quoted word."""
    end: float
    """Seconds, of the last quoted word."""
    quote: str
    """The exact words of the transcript."""


class Sentence(BaseModel):
    """One sentence of the entry with its proof."""

    model_config = _DOCUMENTED

    text: str
    citations: list[Citation]
    edited: bool = False
    """Whether the owner wrote it so; such a sentence stays when the entry is written anew."""


class ActionItem(BaseModel):
    """Something the speaker committed to do."""

    model_config = _DOCUMENTED

    text: str
    due: str | None
    """The due words as spoken, such as "by Thursday"."""
    citations: list[Citation]
    due_date: date | None = None
    """The day that the due words name, counted from the recording's in the account's time zone; null when they name none."""


class Mention(BaseModel):
    """A person, a place or a topic that was spoken of."""

    model_config = _DOCUMENTED

    name: str
    citations: list[Citation]
    """One for each sentence that mentions it, in order."""


class Mood(BaseModel):
    """How the speaker sounds in words."""

    model_config = _DOCUMENTED

    valence: float
    """-1 unpleasant to 1 pleasant."""
    arousal: float | None
    """-1 calm to 1 excited; null when the composer cannot tell."""
    label: str
    """One word for people, such as `positive`."""
    citations: list[Citation]
    """The sentences that caused it."""


class Dropped(BaseModel):
    """A sentence that a language model wrote and that could not be proven."""

    text: str
    reason: str


class Provenance(BaseModel):
    """How a language model took part in an entry."""

    model_config = _DOCUMENTED

    provider: str
    model: str
    """Empty when none answered."""
    prompt_version: str
    template: str
    """Name and version, such as `diary@1`."""
    cost_usd: Decimal
    calls: int
    """Questions that were answered."""
    cached: int
    """Those of them whose answer was there from before, and cost nothing."""
    windows: int
    """Pieces in which the transcript was read."""
    windows_unread: int
    """Those that no model read; their most telling sentences stand for them as they were spoken."""
    claims_found: int
    claims_dropped: dict[str, int]
    """How many claims could not be proven, by reason."""
    sentences_written: int
    sentences_dropped: list[Dropped]
    in_own_words: int
    """Sentences that stand as they were spoken, since the model's could not be proven."""
    receipts: list[UUID]
    """What each question cost and to whom it went; see `/v1/receipts`."""


class Entry(BaseModel):
    """A diary entry; each sentence names the moment it came from."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})

    id: UUID
    recording_id: UUID
    job_id: UUID
    version: int
    """Counts the entries of a recording from 1; an older one is never changed."""
    created_at: datetime
    title: str
    sentences: list[Sentence]
    """Empty when nothing was said."""
    action_items: list[ActionItem]
    people: list[Mention]
    topics: list[Mention]
    mood: Mood | None
    """Null when nothing was said or the language has no lexicon."""
    language: str | None
    """ISO 639-1."""
    composed_by: str
    """How it was made, such as `extractive`."""
    notes: list[str]
    """What a reader should know."""
    places: list[Mention] = []
    quotes: list[Citation] = []
    """Words of the speaker that are worth keeping as they are."""
    provenance: Provenance | None = None
    """Null where no language model was to take part."""


class Edit(BaseModel):
    """Other words for one sentence."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    position: int = Field(ge=0)
    """Which sentence of the entry, from 0."""
    text: str = Field(min_length=1, max_length=LONGEST)


class Edits(BaseModel):
    """What the owner changes in an entry."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    sentences: list[Edit] = Field(min_length=1, max_length=1000)


class Composition(BaseModel):
    """How an entry is to be written anew."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    template: str | None = Field(default=None, min_length=1, max_length=60)
    """The name of a template, or `name@version`; `diary` if left out."""
    model: str | None = Field(default=None, min_length=1, max_length=161)
    """`provider/model`, by which it is written or not at all; the best that may be asked if left out."""


class Begun(BaseModel):
    """The job that writes an entry anew."""

    job_id: UUID


def entry_from_row(row: EntryRow) -> Entry:
    """An entry as it goes over the wire."""
    identity: dict[str, Any] = {name: getattr(row, name) for name in ("id", "recording_id", "job_id", "version", "created_at")}
    return Entry.model_validate({**row.content, **identity})
