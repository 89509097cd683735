"""A recording is given and its text is waited for: the same rows, jobs and workers as for every other, in somebody's presence."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.domain.hints import NO_HINTS
from diarist.domain.job import UNFINISHED, JobPriority, JobState
from diarist.domain.manner import Manner
from diarist.domain.transcript import Transcript
from diarist.errors import Conflict, DiaristError, EngineFailed, NotFound, error_classes
from diarist.jobs.models import JobRow
from diarist.jobs.repository import get_job, latest_in_manner
from diarist.jobs.service import retry_undone, start_job
from diarist.jobs.waiting import looks
from diarist.pipeline import TRANSCRIBED
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import find_by_hash
from diarist.recordings.service import Added, delete_recording, take_in, write_new
from diarist.runtime import Runtime
from diarist.transcription.repository import is_transcribed, list_heard
from diarist.transcription.service import read_transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A recording whose text somebody waits for."""

    account_id: UUID
    recording: RecordingRow
    """As it was when it came: what its stages find out is not in it."""
    job_id: UUID
    manner_key: str
    passing: bool
    """Whether it is to be deleted once it has been answered: it came with this very request, and nothing else is to be kept."""

    @property
    def recording_id(self) -> UUID:
        """Its id."""
        return self.recording.id


async def ask(
    runtime: Runtime,
    account_id: UUID,
    filename: str,
    pieces: AsyncIterable[bytes],
    manner: Callable[[], Manner],
    *,
    store: Callable[[], bool],
) -> Asked:
    """Take a recording in and have it heard before whatever can wait; what was heard in this manner before is not heard again.

    `manner` and `store` are called once all bytes have arrived: forms may tell them after the file. Raises what `add_recording`
    and the two do; then nothing is stored.
    """

    async def record(session: AsyncSession, new: RecordingRow) -> Added:
        return await _record(runtime, session, new, manner())

    added = await take_in(runtime, account_id, filename, pieces, record, "compat")
    return Asked(
        account_id=account_id,
        recording=added.recording,
        job_id=added.job.id,
        manner_key=added.job.manner_key,
        passing=added.created and not store(),
    )


async def hear(runtime: Runtime, asked: Asked) -> Transcript:
    """Wait for the text. Raises `StillWorking` when that takes too long, why the job failed, `Conflict` when it was cancelled."""
    async with aclosing(progress(runtime, asked)) as seen:
        async for _ in seen:
            pass
    return await heard(runtime, asked)


async def progress(runtime: Runtime, asked: Asked) -> AsyncGenerator[None, None]:
    """Comes back whenever something may have happened, until the text is there or never will be; raises `StillWorking`."""
    patience = runtime.settings.compat.answer_seconds
    async with aclosing(looks(runtime, asked.account_id, asked.job_id, patience)) as seen:
        async for job in seen:
            if job.state not in UNFINISHED or (job.until is None and await _is_transcribed(runtime, job)):
                return
            yield


async def heard(runtime: Runtime, asked: Asked) -> Transcript:
    """The text, once `progress` has ended; raises why there is none."""
    async with runtime.database.look() as session:
        job = await get_job(session, asked.account_id, asked.job_id)
    if job.state is JobState.FAILED:
        raise _failure(job)
    if job.state is JobState.CANCELLED:
        raise Conflict("the job was cancelled before its end", advice="Send the recording again.")
    return await read_transcript(runtime, asked.account_id, asked.recording_id, asked.manner_key)


async def first_heard(runtime: Runtime, asked: Asked) -> tuple[str | None, float | None] | None:
    """The language of the first chunk with speech that has been heard, and how probable that is; None while there is none."""
    async with runtime.database.look() as session:
        rows = await list_heard(session, asked.account_id, asked.recording_id, asked.manner_key, 0)
    return next(((row.language, row.language_probability) for row in rows if row.language), None)


async def forget(runtime: Runtime, asked: Asked) -> None:
    """Delete what was only passing; what somebody else deleted meanwhile is gone as well."""
    if asked.passing:
        try:
            await delete_recording(runtime, asked.account_id, asked.recording_id)
        except NotFound:
            return


async def _record(runtime: Runtime, session: AsyncSession, new: RecordingRow, manner: Manner) -> Added:
    known = await find_by_hash(session, new.account_id, new.sha256)
    recording = known or new
    if known is None:
        new.hints = manner.hints or None
        await write_new(runtime, session, new)
    # Hints that the recording has itself ask for nothing unusual.
    told = replace(manner, hints=NO_HINTS) if manner.hints == recording.hints else manner
    job = await latest_in_manner(session, new.account_id, recording.id, told.key)
    if job is None:
        job = await start_job(
            runtime, session, new.account_id, recording.id, JobPriority.INTERACTIVE, until=TRANSCRIBED, manner=told
        )
        return Added(recording, job, created=known is None)
    return Added(recording, job, created=False, retried=await retry_undone(runtime, session, job))


async def _is_transcribed(runtime: Runtime, job: JobRow) -> bool:
    """Whether a job that goes the whole way has come past the text: nobody here waits for its entry."""
    async with runtime.database.look() as session:
        return await is_transcribed(session, job.id)


def _failure(job: JobRow) -> DiaristError:
    return error_classes().get(job.error_code or "", EngineFailed)(job.error_message)
