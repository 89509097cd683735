"""What commands tell of a recording, in the values of the API, whether it was read here or came over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from diarist.client import Entry, Job, Recording
from diarist.client.schemas.jobs import Task
from diarist.diary.models import EntryRow
from diarist.diary.schemas import entry_from_row
from diarist.jobs.models import JobRow
from diarist.jobs.schemas import job_from_view, task_from_row
from diarist.jobs.service import JobView
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.schemas import recording_from_row


@dataclass(frozen=True, slots=True)
class Seen:
    """A recording, one of its jobs as it was last seen, and the newest entry, if there is one."""

    recording: Recording
    job: Job
    entry: Entry | None

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        return values


def recording_of(row: RecordingRow, job: JobRow) -> Recording:
    """From the database; `job` is the newest one."""
    return msgspec.convert(recording_from_row(row, job).model_dump(), Recording)


def job_of(view: JobView) -> Job:
    """From the database."""
    return msgspec.convert(job_from_view(view).model_dump(), Job)


def task_of(row: TaskRow) -> Task:
    """From the database."""
    return msgspec.convert(task_from_row(row).model_dump(), Task)


def entry_of(row: EntryRow | None) -> Entry | None:
    """From the database."""
    return msgspec.convert(entry_from_row(row).model_dump(), Entry) if row else None
