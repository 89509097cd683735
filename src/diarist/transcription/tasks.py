"""The stages `plan`, `transcribe` and `merge`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.audio.process import PlanProgress
from diarist.database.base import utc_now
from diarist.database.session import after_commit
from diarist.domain.audio import Notice, PlanSummary
from diarist.domain.events import Event, EventKind
from diarist.domain.transcript import ChunkTranscript
from diarist.errors import EngineCannot, EngineFailed, NoSamples, NotFound
from diarist.jobs.flow import event_of, locked_job
from diarist.jobs.models import JobRow
from diarist.jobs.service import add_task_warning, add_warnings
from diarist.jobs.work import Effect, TaskContext
from diarist.recordings.models import RecordingRow
from diarist.recordings.orphans import forget_if_deleted
from diarist.recordings.repository import get_recording
from diarist.telemetry.processor import in_thread
from diarist.transcription import repository
from diarist.transcription.guidance import guidance_for
from diarist.transcription.merge import merge as merge_parts
from diarist.transcription.missing import WARNING as MISSING_SPEECH
from diarist.transcription.missing import missing_speech
from diarist.transcription.models import ChunkRow
from diarist.transcription.second_hearing import settle
from diarist.transcription.speech_rows import spans_of
from diarist.transcription.storing import FIRST_VERSION, ChunkStore, cut_before, is_cut
from diarist.transcription.trust import assess
from diarist.transcription.unfiltered import heard_unfiltered
from diarist.transcription.unfolding import Unfolding

_UNHEARD = ("not_heard", "This part was never transcribed.")


async def plan(context: TaskContext) -> Effect:
    """Cut the recording into chunks; each is handed on as soon as it is cut, and none is ever cut again."""
    runtime = context.runtime
    recording, job = await _given(context)
    context.total_seconds = recording.declared_duration
    sound_filter = runtime.settings.plan.sound_filter
    version, chunks = await _cut_before(context, recording, job)
    resume_from = (chunks[-1].index + 1, chunks[-1].end) if chunks else None
    summary: PlanSummary | None = None
    try:
        store = ChunkStore(context, recording, version, job.manner_key, sound_filter)
        async with runtime.blobs.local_path(recording.blob_key) as path, store:
            settings = runtime.settings
            decoded = runtime.decoder.plan(
                path,
                target=settings.plan.chunk_seconds,
                resume_from=resume_from,
                longest=settings.limits.recording_hours * 3600,
                filter_name=sound_filter,
            )
            async for item in decoded:
                match item:
                    case PlanProgress():
                        context.done_seconds = item.decoded_seconds
                    case (planned, flac):
                        await store.add(planned, flac)
                    case PlanSummary():
                        summary = item
    except BaseException:
        # It may have been stopped because the recording was deleted, after its last chunk was written.
        await asyncio.shield(forget_if_deleted(runtime, recording))
        raise
    if summary is None or summary.duration <= 0:
        raise NoSamples
    found = summary
    context.done_seconds = found.duration

    async def effect(session: AsyncSession) -> None:
        account_id, key = recording.account_id, job.manner_key
        speech_seconds = await repository.speech_seconds(session, account_id, recording.id, key)
        row = await get_recording(session, recording.account_id, recording.id)
        row.duration, row.speech_seconds = found.duration, speech_seconds
        row.loudness_dbfs, row.loudness_lufs = found.loudness_dbfs, found.loudness_lufs
        failures = await repository.unfiltered(session, account_id, recording.id, key) if sound_filter else []
        warnings = [*found.warnings, *heard_unfiltered(sound_filter, failures)]
        if warnings:
            add_warnings(await locked_job(session, context.task.job_id), *warnings)

    return effect


async def _cut_before(context: TaskContext, recording: RecordingRow, job: JobRow) -> tuple[int, Sequence[ChunkRow]]:
    """The version of the plan, and what is cut by it already, handed on once more; mostly nothing, and nothing is fenced."""
    async with context.runtime.database.look() as session:
        if not await is_cut(session, recording):
            return FIRST_VERSION, ()
    async with context.fenced() as session:
        version, chunks = await cut_before(session, recording, job.manner_key, context.runtime.settings.plan.sound_filter)
        if not chunks:
            # What was cut in another way is to be heard by nobody any more.
            await context.runtime.ledger.forget(session, job.id, transcribe.__name__)
        for chunk in chunks:
            await context.put_part(session, str(chunk.id), {"chunk_id": str(chunk.id)})
    return version, chunks


async def transcribe(context: TaskContext) -> Effect:
    """Hear one chunk, and once more what is suspect in it."""
    account_id, chunk_id = context.task.account_id, UUID(context.task.payload["chunk_id"])
    async with context.runtime.database.look() as session:
        found = await repository.get_chunk(session, account_id, chunk_id, context.task.job_id)
    chunk, declared, hints, usual_hints, manner = found
    context.total_seconds = chunk.end - chunk.start
    unfolding = Unfolding(*spans_of(chunk.speech), context.total_seconds)
    # As declared: what is measured is known only behind the last chunk, and all chunks have to take the same route.
    engine = context.runtime.settings.engine
    guidance = guidance_for(hints, usual_hints, engine, recording_seconds=declared, manner=manner)
    heard: ChunkTranscript | None = None
    async with context.runtime.blobs.local_path(chunk.blob_key) as path:
        async for item in context.runtime.engine.transcribe(path, unfolding.speech, guidance):
            if isinstance(item, ChunkTranscript):
                heard = item
            else:
                context.done_seconds = item.end / unfolding.duration * context.total_seconds
        if heard is None:
            raise EngineFailed("the engine ended without an answer")
        hear = partial(context.runtime.engine.transcribe, path)
        settled = await settle(heard, unfolding.speech, unfolding.duration, guidance, hear)
        folded = unfolding.fold(settled.heard)
    context.done_seconds = context.total_seconds

    async def effect(session: AsyncSession) -> None:
        await repository.store_heard(session, account_id, chunk_id, folded)
        context.runtime.event_log.hint(
            session,
            Event(
                kind=EventKind.TRANSCRIPT_EXTENDED,
                account_id=account_id,
                job_id=context.task.job_id,
                recording_id=chunk.recording_id,
                data={"start": chunk.start, "end": chunk.end, "segments": len(folded.segments)},
            ),
        )
        if settled.failure:
            unsettled = f"What is suspect could not all be heard a second time: {settled.failure.message}"
            job = await locked_job(session, context.task.job_id)
            add_task_warning(job, context.task.id, Notice(code="second_hearing_failed", message=unsettled))

    return effect


async def merge(context: TaskContext) -> Effect:
    """Put the chunks together; those that failed for good become named gaps."""
    recording, given = await _given(context)
    async with context.runtime.database.read() as session:
        chunks = await repository.list_chunks(session, recording.account_id, recording.id, given.manner_key)
        parts = await repository.list_parts(session, context.task.job_id, chunks, transcribe.__name__)
    # Whatever the reason, what was not heard is a gap: it must never be left out in silence.
    parts = [part if part.heard or part.failure else replace(part, failure=_UNHEARD) for part in parts]
    if parts and all(part.failure for part in parts):
        code, message = parts[0].failure or ("", "")
        if code == EngineCannot.code:
            raise EngineCannot(message)
        failure = EngineFailed(f"no part of the recording could be transcribed: {message} ({code})")
        failure.retryable = False  # type: ignore[misc]  # every part has had its tries
        raise failure
    # Seconds of pure computing for a long day: not on the event loop that renews leases.
    transcript = await in_thread(lambda: assess(merge_parts(parts, recording.duration or 0.0), parts))
    missing = f"{len(transcript.gaps)} of {len(parts)} parts could not be transcribed; `diarist retry` tries them again."
    found = [Notice(code="gap", message=missing)] if transcript.gaps else []
    if dropped := missing_speech(transcript.coverage):
        found.append(dropped)

    async def effect(session: AsyncSession) -> None:
        account_id, job_id, key = recording.account_id, context.task.job_id, given.manner_key
        row = await repository.add_transcript(session, account_id, recording.id, job_id, transcript, key)
        job = await locked_job(session, context.task.job_id)
        job.forget_warnings({"gap", MISSING_SPEECH})
        add_warnings(job, *found)
        told = event_of(job, EventKind.TRANSCRIPT_COMPLETED, version=row.version, duration=row.duration, gaps=len(row.gaps))
        context.runtime.event_log.append(session, told)
        business = context.runtime.metrics.business
        if transcript.coverage is not None:
            after_commit(session, partial(business.covered, transcript.coverage.totals))
        if row.version == 1:
            waited = (utc_now() - job.created_at).total_seconds()
            after_commit(session, partial(business.transcribed, job.priority.value, waited, row.duration))

    return effect


async def _given(context: TaskContext) -> tuple[RecordingRow, JobRow]:
    account_id = context.task.account_id
    async with context.runtime.database.look() as session:
        mine = {"of_account_id": account_id, "of_job_id": context.task.job_id}
        found = (await session.execute(_recording_and_job(), mine)).one_or_none()
    if found is None:
        raise NotFound(f"there is no job {context.task.job_id}")
    return found.RecordingRow, found.JobRow


@cache
def _recording_and_job() -> Any:
    mine = JobRow.account_id == bindparam("of_account_id"), JobRow.id == bindparam("of_job_id")
    return select(RecordingRow, JobRow).join(JobRow, JobRow.recording_id == RecordingRow.id).where(*mine)
