"""What `--json` prints: the shapes of the HTTP API, with nothing of the wire but their keys."""

from __future__ import annotations

from typing import Any

from diarist.diary import schemas as diary
from diarist.diary.models import EntryRow
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.schemas import recording_from_row


def recording_to_json(row: RecordingRow, job: JobRow) -> dict[str, Any]:
    """A recording, with id and state of its newest job."""
    return recording_from_row(row, job).model_dump(mode="json")


def entry_to_json(row: EntryRow | None) -> dict[str, Any] | None:
    """An entry with all its citations, if there is one."""
    return diary.entry_from_row(row).model_dump(mode="json") if row else None
