"""Days on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from diarist.diary import schemas as diary
from diarist.diary.days.page import Mentioned, Page, Part
from diarist.diary.days.service import Summary
from diarist.recordings.schemas import LatestJob

_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)


class DaySummary(BaseModel):
    """A day in a list."""

    model_config = _DOCUMENTED

    date: date
    recordings: int
    entries: int
    """Recordings of which there is an entry."""
    duration: float
    """Seconds, as far as lengths are known."""
    titles: list[str]
    """Titles of its first 20 entries, in the order in which they were spoken."""


class DayRecording(BaseModel):
    """A recording of the day, with its entry."""

    model_config = _DOCUMENTED

    recording_id: UUID
    filename: str
    spoken_at: datetime
    """When it was recorded, as far as is known; else when it came."""
    local_time: str
    """`spoken_at` as clocks showed it in the time zone of the day, `HH:MM`."""
    duration: float | None
    """Seconds, if known."""
    speech_seconds: float | None
    job: LatestJob
    entry: diary.Entry | None
    """Null while there is none; the job tells why."""


class DayItem(diary.ActionItem):
    """Something that the speaker committed to do, and in which recording."""

    recording_id: UUID
    entry_id: UUID


class DayQuote(diary.Citation):
    """Words worth keeping, and of which recording."""

    recording_id: UUID
    entry_id: UUID


class Place(BaseModel):
    """Where an entry names somebody or something."""

    recording_id: UUID
    entry_id: UUID
    citations: list[diary.Citation]


class DayMention(BaseModel):
    """What entries of the day name alike."""

    model_config = _DOCUMENTED

    name: str
    """As the first of them writes it."""
    mentioned_in: list[Place]


class Day(BaseModel):
    """What was recorded on one day, gathered and nothing added."""

    model_config = _DOCUMENTED

    date: date
    time_zone: str
    """IANA name; the account's."""
    starts_at: datetime
    """The first moment of the day."""
    ends_at: datetime
    """The first moment of the next."""
    duration: float
    """Seconds of its recordings, as far as lengths are known."""
    speech_seconds: float
    """Seconds in which voice was heard."""
    recordings: list[DayRecording]
    """In the order in which they were spoken; at most 500."""
    left_out: int
    """Later recordings of the day, for which there is no room."""
    action_items: list[DayItem]
    quotes: list[DayQuote]
    people: list[DayMention]
    places: list[DayMention]
    topics: list[DayMention]


def summary_to_wire(summary: Summary) -> DaySummary:
    """A day in a list as it goes over the wire."""
    return DaySummary(
        date=summary.date,
        recordings=len(summary.recording_ids),
        entries=summary.entries,
        duration=summary.duration,
        titles=summary.titles,
    )


def page_to_wire(page: Page) -> Day:
    """A day as it goes over the wire."""
    return Day(
        date=page.date,
        time_zone=page.days.zone.key,
        starts_at=page.days.start_of(page.date),
        ends_at=page.days.end_of(page.date),
        duration=page.duration,
        speech_seconds=page.speech_seconds,
        recordings=[_recording(page, part) for part in page.parts],
        left_out=page.left_out,
        action_items=[DayItem.model_validate({**asdict(item), **_of(part)}) for part, item in page.action_items],
        quotes=[DayQuote.model_validate({**asdict(quote), **_of(part)}) for part, quote in page.quotes],
        people=_mentions(page.people),
        places=_mentions(page.places),
        topics=_mentions(page.topics),
    )


def _recording(page: Page, part: Part) -> DayRecording:
    return DayRecording(
        recording_id=part.recording_id,
        filename=part.filename,
        spoken_at=part.spoken_at,
        local_time=page.clock(part),
        duration=part.duration,
        speech_seconds=part.speech_seconds,
        job=LatestJob(id=part.job_id, state=part.job_state),
        entry=diary.entry_from_row(part.row) if part.row else None,
    )


def _mentions(found: Sequence[Mentioned]) -> list[DayMention]:
    return [
        DayMention(
            name=one.name,
            mentioned_in=[
                Place.model_validate({**_of(part), "citations": [asdict(citation) for citation in citations]})
                for part, citations in one.places
            ],
        )
        for one in found
    ]


def _of(part: Part) -> dict[str, Any]:
    return {"recording_id": part.recording_id, "entry_id": part.row and part.row.id}
