"""Rules of transcripts: what can be read of a recording, finished or not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

from diarist.domain.transcript import Transcript
from diarist.errors import NotFound
from diarist.jobs.repository import latest_in_manner, latest_job
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import get_recording
from diarist.runtime import Runtime
from diarist.transcription import repository
from diarist.transcription.merge import merge
from diarist.transcription.tasks import transcribe
from diarist.transcription.trust import assess


async def read_transcript(runtime: Runtime, account_id: UUID, recording_id: UUID, manner_key: str = "") -> Transcript:
    """The newest transcript of a recording, or what there is of the one being made, marked partial.

    Raises `NotFound` for an unknown recording and while nothing has been heard of a known one.
    """
    return (await read_with_recording(runtime, account_id, recording_id, manner_key))[1]


async def read_with_recording(
    runtime: Runtime, account_id: UUID, recording_id: UUID, manner_key: str = ""
) -> tuple[RecordingRow, Transcript]:
    """What `read_transcript` gives, and the recording as it was then."""
    # Mostly it is there, and is never changed again.
    async with runtime.database.glance() as session:
        recording = await get_recording(session, account_id, recording_id)
        row = await repository.latest_transcript(session, account_id, recording_id, manner_key)
    if row is not None and row.coverage is not None:
        return recording, repository.transcript_from_row(row)
    async with runtime.database.read() as session:
        recording = await get_recording(session, account_id, recording_id)
        row = await repository.latest_transcript(session, account_id, recording_id, manner_key)
        chunks = await repository.list_chunks(session, account_id, recording_id, manner_key)
        job = await latest_in_manner(session, account_id, recording_id, manner_key)
        job = job or await latest_job(session, account_id, recording_id)
        parts = await repository.list_parts(session, job.id, chunks, transcribe.__name__)
    if row is not None:
        # Made before coverage was kept: where voice was heard is known all the same, unless the chunks are gone.
        return recording, await asyncio.to_thread(assess, repository.transcript_from_row(row), parts)
    if not any(part.heard for part in parts):
        raise NotFound(
            f"nothing of the recording {recording_id} has been transcribed yet; its job is {job.state}",
            advice="`diarist show` tells how far it is and, if it failed, why.",
        )
    # Without a merged transcript more may always come, even when every chunk cut so far has been heard.
    duration = recording.best_duration or parts[-1].span.end
    # Seconds of pure computing for a long day: not on the event loop that answers everybody else.
    return recording, await asyncio.to_thread(lambda: assess(replace(merge(parts, duration), partial=True), parts))


async def read_further(runtime: Runtime, account_id: UUID, recording_id: UUID, manner_key: str, known: int) -> tuple[str, int]:
    """The text of the chunks after the first `known` that have been heard by now, without a hole, and how many are known then."""
    async with runtime.database.look() as session:
        rows = await repository.list_heard(session, account_id, recording_id, manner_key, known)
    texts: list[str] = []
    for row in rows:
        if row.index != known:
            break
        known += 1
        texts += [text for segment in row.segments or () if (text := segment.text.strip())]
    return " ".join(texts), known
