"""Days as the API tells of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from diarist.client.schemas.entries import Entry
from diarist.client.schemas.recordings import LatestJob
from diarist.domain import diary


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySummary:
    """A day in a list."""

    date: dt.date
    recordings: int
    entries: int
    """Recordings of which there is an entry."""
    duration: float
    """Seconds, as far as lengths are known."""
    titles: tuple[str, ...]
    """Titles of its first 20 entries, in the order in which they were spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecording:
    """A recording of the day, with its entry."""

    recording_id: UUID
    filename: str
    spoken_at: dt.datetime
    """When it was recorded, as far as is known; else when it came."""
    local_time: str
    """`spoken_at` as clocks showed it in the time zone of the day, `HH:MM`."""
    duration: float | None
    """Seconds, if known."""
    speech_seconds: float | None
    job: LatestJob
    entry: Entry | None
    """None while there is none; the job tells why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayItem(diary.ActionItem):
    """Something that the speaker committed to do, and in which recording."""

    recording_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DayQuote(diary.Citation):
    """Words worth keeping, and of which recording."""

    recording_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry names somebody or something."""

    recording_id: UUID
    entry_id: UUID
    citations: tuple[diary.Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMention:
    """What entries of the day name alike."""

    name: str
    """As the first of them writes it."""
    mentioned_in: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was recorded on one day, gathered and nothing added."""

    date: dt.date
    time_zone: str
    """IANA name; the account's."""
    starts_at: dt.datetime
    """The first moment of the day."""
    ends_at: dt.datetime
    """The first moment of the next."""
    duration: float
    """Seconds of its recordings, as far as lengths are known."""
    speech_seconds: float
    """Seconds in which voice was heard."""
    recordings: tuple[DayRecording, ...]
    """In the order in which they were spoken; at most 500."""
    left_out: int
    """Later recordings of the day, for which there is no room."""
    action_items: tuple[DayItem, ...]
    quotes: tuple[DayQuote, ...]
    people: tuple[DayMention, ...]
    places: tuple[DayMention, ...]
    topics: tuple[DayMention, ...]
