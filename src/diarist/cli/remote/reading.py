"""What `diarist list`, `jobs`, `tasks`, `show`, `transcript` and `entry` read at a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec

from diarist.cli.interruption import run
from diarist.cli.remote.connecting import connected
from diarist.cli.remote.finding import MOST, find
from diarist.cli.remote.watching import entry_of
from diarist.client import Entry, Job, Recording, Transcript
from diarist.client.schemas.jobs import Task
from diarist.domain import transcript as heard
from diarist.domain.audio import Span
from diarist.domain.coverage import Coverage
from diarist.errors import NotFound
from diarist.transcription.formats.form import Layout, TranscriptFormat

T = TypeVar("T")
U = TypeVar("U")

_AT_ONCE = 8
"""Requests that are made beside each other."""


def newest_recordings(limit: int) -> list[tuple[Recording, Entry | None]]:
    """With their entries."""

    async def read() -> list[tuple[Recording, Entry | None]]:
        async with connected() as diarist:
            found = await _first(diarist.recordings.list(page_size=min(limit, MOST)), limit)
            return await _beside(found, lambda one: entry_of(diarist, one.id))

    return run(read())


def newest_jobs(limit: int) -> list[tuple[str, Job]]:
    """With the names of their recordings."""

    async def read() -> list[tuple[str, Job]]:
        async with connected() as diarist:
            found = await _first(diarist.jobs.list(page_size=min(limit, MOST)), limit)
            named = await _beside(found, lambda job: diarist.recordings.get(job.recording_id))
        return [(recording.filename, job) for job, recording in named]

    return run(read())


def tasks_of(typed: str) -> list[Task]:
    """Of the job that is meant."""

    async def read() -> list[Task]:
        async with connected() as diarist:
            return [*await diarist.jobs.tasks((await find(diarist, typed)).job_id)]

    return run(read())


def everything_of(typed: str) -> tuple[Recording, Job, heard.Transcript | None, Entry | None, list[Task]]:
    """All that is known of the recording that is meant."""

    async def read() -> tuple[Recording, Job, heard.Transcript | None, Entry | None, list[Task]]:
        async with connected() as diarist:
            found = await find(diarist, typed)
            try:
                transcript = transcript_from(await diarist.transcripts.get(found.recording_id))
            except NotFound:
                transcript = None
            recording = await diarist.recordings.get(found.recording_id)
            job = await diarist.jobs.get(found.job_id)
            tasks = [*await diarist.jobs.tasks(found.job_id)]
            return recording, job, transcript, await entry_of(diarist, found.recording_id), tasks

    return run(read())


def transcript_of(typed: str) -> heard.Transcript:
    """To be read."""

    async def read() -> heard.Transcript:
        async with connected() as diarist:
            return transcript_from(await diarist.transcripts.get((await find(diarist, typed)).recording_id))

    return run(read())


def transcript_file(typed: str, form: TranscriptFormat, layout: Layout) -> tuple[bytes, None, bool]:
    """As a file, and whether more is to come."""

    async def read() -> tuple[bytes, None, bool]:
        async with connected() as diarist:
            found = await find(diarist, typed)
            ended = (await diarist.jobs.get(found.job_id)).ended
            file = await diarist.transcripts.export(
                found.recording_id, form.value, max_line_length=layout.max_line_length, max_lines=layout.max_lines
            )
        return file.content, None, not ended

    return run(read())


def recording_and_entry(typed: str) -> tuple[Recording, Entry]:
    """The newest entry of the recording that is meant."""

    async def read() -> tuple[Recording, Entry]:
        async with connected() as diarist:
            recording_id = (await find(diarist, typed)).recording_id
            return await diarist.recordings.get(recording_id), await diarist.entries.latest(recording_id)

    return run(read())


def transcript_from(told: Transcript) -> heard.Transcript:
    """As it is shown."""
    return heard.Transcript(
        duration=told.duration,
        language=told.language,
        language_probability=told.language_probability,
        engine=told.engine,
        model=told.model,
        sound_filter=told.sound_filter or "",
        segments=tuple(msgspec.convert(msgspec.to_builtins(segment), heard.Segment) for segment in told.segments),
        gaps=tuple(heard.Gap(span=Span(gap.start, gap.end), code=gap.code, message=gap.message) for gap in told.gaps),
        withdrawn=tuple(msgspec.convert(msgspec.to_builtins(one), heard.Withdrawn) for one in told.withdrawn),
        partial=told.partial,
        coverage=Coverage(spans=told.coverage.spans) if told.coverage else None,
        trust=told.trust,
    )


async def _first(items: AsyncIterator[T], limit: int) -> list[T]:
    found: list[T] = []
    async for item in items:
        found.append(item)
        if len(found) == limit:
            break
    return found


async def _beside(items: Sequence[T], look_up: Callable[[T], Awaitable[U]]) -> list[tuple[T, U]]:
    """Each with what is looked up for it, some at once."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(item: T) -> tuple[T, U]:
        async with turn:
            return item, await look_up(item)

    return list(await asyncio.gather(*map(one, items)))
