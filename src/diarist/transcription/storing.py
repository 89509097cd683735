"""Stores chunks while the next are cut: those that came meanwhile go into one transaction; takes over what is cut already."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from types import TracebackType
from typing import Any, Self

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.domain.audio import PlannedChunk
from diarist.jobs.work import TaskContext
from diarist.recordings.models import RecordingRow
from diarist.transcription.models import ChunkRow
from diarist.transcription.repository import latest_transcript, list_chunks
from diarist.transcription.speech_rows import speech_row

FIRST_VERSION = 1
"""The first plan version of the present way of cutting; each change of the sound filter takes the next. Another way of cutting
takes the next thousand, so that an old cut is never continued by a new rule."""
MOST_BYTES = 16_000_000
"""Of chunks that wait to be stored; whoever cuts has to wait then. An hour of speech in FLAC has some 60 MB."""


async def is_cut(session: AsyncSession, recording: RecordingRow) -> bool:
    """Whether any of a recording has been cut, in whatever manner."""
    there = {"of_account_id": recording.account_id, "of_recording_id": recording.id}
    return await session.scalar(_is_cut(), there) is not None


@cache
def _is_cut() -> Any:
    mine = ChunkRow.account_id == bindparam("of_account_id"), ChunkRow.recording_id == bindparam("of_recording_id")
    return select(ChunkRow.id).where(*mine).limit(1)


async def cut_before(
    session: AsyncSession, recording: RecordingRow, manner_key: str, sound_filter: str
) -> tuple[int, Sequence[ChunkRow]]:
    """The version of the plan to go on with, and what is cut by it already.

    Of a recording that was heard as usual to the end, that is all of it, to be heard in another manner. What was cut by another
    rule, or put through another filter, is not gone on with: then a new version begins, and nothing is cut by it.
    """
    account_id = recording.account_id
    chunks = await list_chunks(session, account_id, recording.id, manner_key)
    if chunks:
        newest = chunks[0].plan_version
        return (newest, chunks) if _goes_on(chunks, sound_filter) else (max(newest + 1, FIRST_VERSION), ())
    if not manner_key or await latest_transcript(session, account_id, recording.id) is None:
        return FIRST_VERSION, ()
    usual = await list_chunks(session, account_id, recording.id)
    if not _goes_on(usual, sound_filter):
        return FIRST_VERSION, ()
    copies = [
        ChunkRow(
            id=new_id(), account_id=account_id, recording_id=recording.id, plan_version=one.plan_version, manner_key=manner_key,
            index=one.index, start=one.start, end=one.end, speech=one.speech, levels=one.levels, blob_key=one.blob_key,
            sound_filter=one.sound_filter, filter_failure=one.filter_failure,
        )
        for one in usual
    ]  # fmt: skip
    session.add_all(copies)
    await session.flush()
    return copies[0].plan_version, copies


def _goes_on(chunks: Sequence[ChunkRow], sound_filter: str) -> bool:
    """Whether a plan would cut on as these were cut."""
    return bool(chunks) and chunks[0].plan_version >= FIRST_VERSION and chunks[0].sound_filter == sound_filter


class ChunkStore:
    """Takes the chunks of a recording in order; each is stored at once, or with its neighbours while others are being stored.

    An asynchronous context: it ends when everything is stored, and leaves out what was not begun when its block raises.
    """

    def __init__(
        self, context: TaskContext, recording: RecordingRow, plan_version: int, manner_key: str, sound_filter: str = ""
    ) -> None:
        self._context, self._recording, self._plan_version, self._manner_key = context, recording, plan_version, manner_key
        self._sound_filter = sound_filter
        self._waiting: list[tuple[PlannedChunk, bytes]] = []
        self._writing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            await self._next()
            await self._next()
        elif self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def add(self, planned: PlannedChunk, flac: bytes) -> None:
        """Take a chunk over; raises what storing an earlier one has raised, such as `LeaseLost`."""
        self._waiting.append((planned, flac))
        full = sum(len(one) for _, one in self._waiting) >= MOST_BYTES
        if self._writing is None or self._writing.done() or full:
            await self._next()

    async def _next(self) -> None:
        """Begin to store what waits, once what was being stored is stored."""
        try:
            if self._writing is not None:
                await self._writing
        finally:
            self._writing = None
        if self._waiting:
            self._writing = asyncio.create_task(self._write(self._waiting))
            self._waiting = []

    async def _write(self, chunks: list[tuple[PlannedChunk, bytes]]) -> None:
        """The bytes first, then rows and tasks in one transaction: a crash between the two cuts the same chunks again."""
        recording, blobs = self._recording, self._context.runtime.blobs
        folder = "-".join(filter(None, (str(self._plan_version), self._manner_key)))
        keys = [f"{recording.blob_prefix}/chunks/{folder}/{planned.index:05d}.flac" for planned, _ in chunks]
        await asyncio.gather(*(blobs.put(key, flac) for key, (_, flac) in zip(keys, chunks, strict=True)))
        rows = [self._row(planned, key, len(flac)) for key, (planned, flac) in zip(keys, chunks, strict=True)]
        async with self._context.fenced() as session:
            session.add_all(rows)
            await session.flush()
            for row in rows:
                await self._context.put_part(session, str(row.id), {"chunk_id": str(row.id)})

    def _row(self, planned: PlannedChunk, key: str, size_bytes: int) -> ChunkRow:
        return ChunkRow(
            id=new_id(),
            account_id=self._recording.account_id,
            recording_id=self._recording.id,
            plan_version=self._plan_version,
            manner_key=self._manner_key,
            index=planned.index,
            start=planned.start,
            end=planned.end,
            speech=speech_row(planned),
            levels=planned.levels,
            sound_filter=self._sound_filter,
            filter_failure=planned.filter_failure,
            blob_key=key,
            size_bytes=size_bytes,
        )
