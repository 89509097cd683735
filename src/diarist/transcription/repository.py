"""Reads and writes chunks and transcripts; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from diarist.accounts.models import AccountRow
from diarist.database.base import new_id
from diarist.domain.audio import Span
from diarist.domain.hints import Hints
from diarist.domain.job import UNDONE_TASK_STATES
from diarist.domain.manner import USUAL, Manner
from diarist.domain.transcript import ChunkTranscript, Gap, Transcript
from diarist.errors import NotFound
from diarist.jobs.models import JobRow
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.transcription.merge import Part
from diarist.transcription.models import ChunkRow, TranscriptRow
from diarist.transcription.speech_rows import spans_of

_HEARD = ("segments", "language", "language_probability", "engine", "model", "withdrawn")
"""The columns of a chunk that say what was heard in it, called as in `ChunkTranscript`."""


async def list_chunks(session: AsyncSession, account_id: UUID, recording_id: UUID, manner_key: str = "") -> Sequence[ChunkRow]:
    """The chunks of a recording in order, as they are heard in one manner."""
    which = _cut(account_id, recording_id, manner_key)
    return (await session.scalars(select(ChunkRow).where(*which).order_by(ChunkRow.index))).all()


async def list_heard(
    session: AsyncSession, account_id: UUID, recording_id: UUID, manner_key: str, first: int
) -> Sequence[ChunkRow]:
    """The chunks from the one of index `first` on that have been heard, in order."""
    which = (*_cut(account_id, recording_id, manner_key), ChunkRow.index >= first, ChunkRow.engine.is_not(None))
    return (await session.scalars(select(ChunkRow).where(*which).order_by(ChunkRow.index))).all()


async def get_chunk(
    session: AsyncSession, account_id: UUID, chunk_id: UUID, job_id: UUID
) -> tuple[ChunkRow, float | None, Hints | None, Hints | None, Manner]:
    """One chunk, the declared seconds of its recording, the hints of its recording and account, and the manner of a job.

    Raises `NotFound`.
    """
    asked = {"of_account_id": account_id, "of_id": chunk_id, "of_job_id": job_id}
    row = (await session.execute(_get_chunk(), asked)).one_or_none()
    if row is None:
        raise _no_chunk(chunk_id)
    chunk, declared, hints, usual_hints, manner = row
    return chunk, declared, hints, usual_hints, manner or USUAL


@cache
def _get_chunk() -> Any:
    return (
        select(ChunkRow, RecordingRow.declared_duration, RecordingRow.hints, AccountRow.hints, JobRow.manner)
        .join(RecordingRow, RecordingRow.id == ChunkRow.recording_id)
        .join(AccountRow, AccountRow.id == ChunkRow.account_id)
        .join(JobRow, JobRow.id == bindparam("of_job_id"))
        .where(ChunkRow.account_id == bindparam("of_account_id"), ChunkRow.id == bindparam("of_id"))
    )


async def speech_seconds(session: AsyncSession, account_id: UUID, recording_id: UUID, manner_key: str = "") -> float:
    """Seconds in which voice was heard; what was said is not fetched, and may be there already."""
    which = _cut(account_id, recording_id, manner_key)
    spans = await session.scalars(select(ChunkRow.speech).where(*which))
    return sum((span.duration for chunk in spans for span in spans_of(chunk)[0]), 0.0)


async def unfiltered(session: AsyncSession, account_id: UUID, recording_id: UUID, manner_key: str = "") -> list[tuple[Span, str]]:
    """The chunks that the sound filter was not used for, and why, in order."""
    which = (*_cut(account_id, recording_id, manner_key), ChunkRow.filter_failure != "")
    asked = select(ChunkRow.start, ChunkRow.end, ChunkRow.filter_failure).where(*which).order_by(ChunkRow.index)
    return [(Span(start, end), why) for start, end, why in await session.execute(asked)]


def _cut(account_id: UUID, recording_id: UUID, manner_key: str) -> tuple[ColumnElement[bool], ...]:
    """What is true of the chunks of a recording, as they are heard in one manner and were cut last."""
    cuts = aliased(ChunkRow)
    versions = select(func.max(cuts.plan_version)).where(cuts.recording_id == recording_id, cuts.manner_key == manner_key)
    return (
        ChunkRow.account_id == account_id,
        ChunkRow.recording_id == recording_id,
        ChunkRow.plan_version == versions.scalar_subquery(),
        ChunkRow.manner_key == manner_key,
    )


async def store_heard(session: AsyncSession, account_id: UUID, chunk_id: UUID, heard: ChunkTranscript) -> None:
    """Write what an engine heard into the chunk's row; raises `NotFound`."""
    values = {name: getattr(heard, name) for name in _HEARD}
    if await session.scalar(_store_heard(), {"of_account_id": account_id, "of_id": chunk_id, **values}) is None:
        raise _no_chunk(chunk_id)


@cache
def _store_heard() -> Any:
    # Of the table, not of the class: a statement that knows objects of the session costs twice as much.
    chunks: Table = ChunkRow.__table__  # type: ignore[assignment]  # the declaration says FromClause, it is a Table
    which = (chunks.c.account_id == bindparam("of_account_id"), chunks.c.id == bindparam("of_id"))
    values = {name: bindparam(name, type_=chunks.c[name].type) for name in _HEARD}
    return update(chunks).where(*which).values(values).returning(chunks.c.id)


def _no_chunk(chunk_id: UUID) -> NotFound:
    return NotFound(f"there is no chunk {chunk_id}")


async def list_parts(session: AsyncSession, job_id: UUID, chunks: Sequence[ChunkRow], stage: str) -> list[Part]:
    """The chunks as parts of a transcript, with the failures of a job's tasks."""
    rows = await session.execute(
        select(TaskRow.payload, TaskRow.error_code, TaskRow.error_message).where(
            TaskRow.job_id == job_id, TaskRow.stage == stage, TaskRow.state.in_(UNDONE_TASK_STATES)
        )
    )
    failures = {payload["chunk_id"]: (code or "cancelled", message or "") for payload, code, message in rows.all()}
    return [
        Part(
            span=Span(chunk.start, chunk.end),
            heard=_heard(chunk),
            failure=None if chunk.segments is not None else failures.get(str(chunk.id)),
            speech=speech,
            channels=channels,
            levels=chunk.levels or (),
            sound_filter="" if chunk.filter_failure else chunk.sound_filter,
        )
        for chunk in chunks
        for speech, channels in (spans_of(chunk.speech),)
    ]


async def latest_transcript(
    session: AsyncSession, account_id: UUID, recording_id: UUID, manner_key: str = ""
) -> TranscriptRow | None:
    """The newest finished transcript of a recording in one manner, if there is one."""
    return await session.scalar(
        select(TranscriptRow)
        .where(
            TranscriptRow.account_id == account_id,
            TranscriptRow.recording_id == recording_id,
            TranscriptRow.manner_key == manner_key,
        )
        .order_by(TranscriptRow.version.desc())
        .limit(1)
    )


async def is_transcribed(session: AsyncSession, job_id: UUID) -> bool:
    """Whether a job has made a transcript."""
    return await session.scalar(select(TranscriptRow.id).where(TranscriptRow.job_id == job_id).limit(1)) is not None


async def trust_scores(session: AsyncSession, account_id: UUID, recording_ids: Sequence[UUID]) -> dict[UUID, int | None]:
    """By recording: the trust score of its newest finished transcript, where there is one."""
    rows = await session.execute(
        select(TranscriptRow.recording_id, TranscriptRow.trust)
        .where(
            TranscriptRow.account_id == account_id,
            TranscriptRow.recording_id.in_(recording_ids),
            TranscriptRow.manner_key == "",
        )
        .order_by(TranscriptRow.version)
    )
    return {row.recording_id: row.trust for row in rows}


async def add_transcript(
    session: AsyncSession, account_id: UUID, recording_id: UUID, job_id: UUID, transcript: Transcript, manner_key: str = ""
) -> TranscriptRow:
    """Store a transcript as the recording's next version."""
    newest = await session.scalar(select(func.max(TranscriptRow.version)).where(TranscriptRow.recording_id == recording_id))
    row = TranscriptRow(
        id=new_id(),
        account_id=account_id,
        recording_id=recording_id,
        job_id=job_id,
        version=(newest or 0) + 1,
        manner_key=manner_key,
        duration=transcript.duration,
        language=transcript.language,
        language_probability=transcript.language_probability,
        engine=transcript.engine,
        model=transcript.model,
        segments=transcript.segments,
        withdrawn=transcript.withdrawn,
        coverage=transcript.coverage,
        trust=transcript.trust,
        sound_filter=transcript.sound_filter,
        gaps=[
            {"start": gap.span.start, "end": gap.span.end, "code": gap.code, "message": gap.message} for gap in transcript.gaps
        ],
    )
    session.add(row)
    return row


def transcript_from_row(row: TranscriptRow) -> Transcript:
    """The stored transcript as a value."""
    return Transcript(
        duration=row.duration,
        language=row.language,
        language_probability=row.language_probability,
        engine=row.engine,
        model=row.model,
        segments=row.segments,
        withdrawn=row.withdrawn or (),
        coverage=row.coverage,
        trust=row.trust,
        sound_filter=row.sound_filter,
        gaps=tuple(Gap(span=Span(gap["start"], gap["end"]), code=gap["code"], message=gap["message"]) for gap in row.gaps),
    )


def _heard(chunk: ChunkRow) -> ChunkTranscript | None:
    if chunk.segments is None:
        return None
    return ChunkTranscript(
        language=chunk.language,
        language_probability=chunk.language_probability,
        segments=chunk.segments,
        engine=chunk.engine or "",
        model=chunk.model or "",
        withdrawn=chunk.withdrawn or (),
    )
