"""What its owner may say of a recording afterwards: what it is called, when it was made, what is known of what is said in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from diarist.diary.days.service import date_recording
from diarist.domain.hints import Hints
from diarist.jobs.models import JobRow
from diarist.jobs.repository import latest_job
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import get_recording
from diarist.recordings.service import display_name
from diarist.runtime import Runtime


class Changes(TypedDict, total=False):
    """What is changed; the rest stays."""

    filename: str
    recorded_at: datetime | None
    hints: Hints | None


async def change_recording(
    runtime: Runtime,
    account_id: UUID,
    recording_id: UUID,
    changes: Changes,
    agree: Callable[[RecordingRow, JobRow], None] = lambda _row, _job: None,
) -> tuple[RecordingRow, JobRow]:
    """Change a recording; what is heard from now on follows its hints. Raises `NotFound` and `InvalidInput`.

    `agree` is called with the recording and its newest job, and raises if that is not what was to be changed.
    """
    async with runtime.database.write() as session:
        recording = await get_recording(session, account_id, recording_id)
        await session.refresh(recording, with_for_update=True)
        job = await latest_job(session, account_id, recording_id)
        agree(recording, job)
        if "filename" in changes:
            recording.filename = display_name(changes["filename"])
        if "hints" in changes:
            recording.hints = changes["hints"] or None
        if "recorded_at" in changes:
            await date_recording(runtime, session, recording, changes["recorded_at"])
    return recording, job
