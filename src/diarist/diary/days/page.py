"""One day of a diary: its recordings in order with their entries, and what these hold, gathered; nothing is added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from diarist.diary.models import EntryRow
from diarist.domain.days import Days
from diarist.domain.diary import ActionItem, Citation, Entry, Mention
from diarist.domain.job import JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One recording of the day, and its newest entry."""

    recording_id: UUID
    filename: str
    spoken_at: datetime
    duration: float | None
    """Seconds, if known."""
    speech_seconds: float | None
    job_id: UUID
    job_state: JobState
    row: EntryRow | None
    """None while there is none yet, or if its job has failed."""
    entry: Entry | None
    """What the row holds."""

    @property
    def name(self) -> str:
        """The title of its entry; the file's name while there is none."""
        return self.entry.title if self.entry else self.filename


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A person, place or topic that entries of the day name alike, and where each does."""

    name: str
    """As the first of them writes it."""
    places: tuple[tuple[Part, tuple[Citation, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A day; longer stretches may be gathered from such pages in their turn."""

    date: date
    days: Days
    parts: tuple[Part, ...]
    """In the order in which they were spoken."""
    left_out: int = 0
    """Later recordings of the day, for which the page has no room."""

    @property
    def title(self) -> str:
        """The date as people say it."""
        return f"{self.date:%A}, {self.date.day} {self.date:%B} {self.date.year}"

    @property
    def duration(self) -> float:
        """Seconds of all recordings whose length is known."""
        return sum(part.duration or 0.0 for part in self.parts)

    @property
    def speech_seconds(self) -> float:
        """Seconds in which voice was heard, as far as that is known."""
        return sum(part.speech_seconds or 0.0 for part in self.parts)

    @property
    def action_items(self) -> list[tuple[Part, ActionItem]]:
        """All things to do, each where it was said; none is merged with another."""
        return [(part, item) for part, entry in self._told() for item in entry.action_items]

    @property
    def quotes(self) -> list[tuple[Part, Citation]]:
        """Words worth keeping."""
        return [(part, quote) for part, entry in self._told() for quote in entry.quotes]

    @property
    def people(self) -> list[Mentioned]:
        """By name, in the order in which they come up."""
        return _gathered((part, entry.people) for part, entry in self._told())

    @property
    def places(self) -> list[Mentioned]:
        """As `people`."""
        return _gathered((part, entry.places) for part, entry in self._told())

    @property
    def topics(self) -> list[Mentioned]:
        """As `people`."""
        return _gathered((part, entry.topics) for part, entry in self._told())

    def clock(self, part: Part) -> str:
        """When a recording was spoken, as clocks showed it in the zone of the day."""
        return f"{part.spoken_at.astimezone(self.days.zone):%H:%M}"

    def _told(self) -> Iterator[tuple[Part, Entry]]:
        return ((part, part.entry) for part in self.parts if part.entry is not None)


def _gathered(mentions: Iterable[tuple[Part, Sequence[Mention]]]) -> list[Mentioned]:
    """Two that are written alike but for capitals are put under one name; whether they are one person nobody can tell."""
    found: dict[str, Mentioned] = {}
    for part, entry_mentions in mentions:
        for one in entry_mentions:
            known = found.get(one.name.casefold(), Mentioned(one.name, ()))
            found[one.name.casefold()] = Mentioned(known.name, (*known.places, (part, one.citations)))
    return list(found.values())
