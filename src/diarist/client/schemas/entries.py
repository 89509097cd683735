"""Entries as the API tells of them: the diary's own values, and which version of which recording's entry that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from diarist.domain import diary


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(diary.Entry):
    """A diary entry; each sentence names the moment it came from."""

    id: UUID
    recording_id: UUID
    job_id: UUID
    version: int
    """Counts the entries of a recording from 1; an older one is never changed."""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The job that writes an entry anew."""

    job_id: UUID
