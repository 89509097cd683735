"""Recordings at chosen moments with entries written by hand, for what is told by days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from diarist.accounts.service import account_id
from diarist.diary.compose import compose
from diarist.diary.repository import add_entry
from diarist.domain.diary import Entry
from diarist.domain.job import JobState
from diarist.jobs.models import JobRow
from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.transcription.repository import add_transcript
from heard import heard


def told(text: str, **more: Any) -> Entry:
    """The entry of somebody who said that."""
    return replace(compose(heard(text)), **more)


async def put_memo(runtime: Runtime, spoken_at: datetime, entry: Entry | None, **more: Any) -> UUID:
    """A recording of that moment with its ended job; `more` are columns of it. Returns its id."""
    async with runtime.database.write() as session:
        owner = await account_id(session)
        unique = sha256(f"{spoken_at.isoformat()} {more}".encode()).hexdigest()
        columns = {"filename": "memo.m4a", "duration": 60.0, "speech_seconds": 40.0, "recorded_at": spoken_at, **more}
        recording = RecordingRow(account_id=owner, sha256=unique, size_bytes=1, blob_key=f"r/{unique}", **columns)
        session.add(recording)
        await session.flush()
        job = JobRow(account_id=owner, recording_id=recording.id, state=JobState.SUCCEEDED if entry else JobState.FAILED)
        session.add(job)
        await session.flush()
        if entry is not None:
            transcript = await add_transcript(session, owner, recording.id, job.id, heard("Words."))
            await session.flush()
            await add_entry(session, owner, recording.id, transcript.id, job.id, entry)
    return recording.id
