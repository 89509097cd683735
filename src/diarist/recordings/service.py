"""Rules of recordings: add, delete."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.domain.events import Event, EventKind
from diarist.domain.hints import NO_HINTS, Hints
from diarist.domain.job import JobPriority
from diarist.domain.manner import USUAL
from diarist.errors import DatabaseUnavailable, NotFound, WrittenMeanwhile
from diarist.jobs import repository as jobs
from diarist.jobs.flow import Flow, event_of, locked_job
from diarist.jobs.models import JobRow
from diarist.jobs.service import retry_undone, start_job
from diarist.queue.models import TaskRow
from diarist.queue.past_work import keep_past_work
from diarist.recordings import repository
from diarist.recordings.models import RecordingRow
from diarist.recordings.past_storage import keep_past_storage
from diarist.recordings.quotas import admit
from diarist.recordings.receive import receive
from diarist.runtime import Runtime

_LONGEST_NAME = 255


Record = Callable[[AsyncSession, RecordingRow], Awaitable["Added"]]
"""Writes a recording and its job down, or finds the one with these very bytes; raises `WrittenMeanwhile`."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a recording that was given."""

    recording: RecordingRow
    job: JobRow
    created: bool
    """False when these very bytes were here already."""
    retried: bool = False
    """True when they were here, their job had failed, and it was put back to work."""


async def add_recording(
    runtime: Runtime,
    account_id: UUID,
    filename: str,
    pieces: AsyncIterable[bytes],
    *,
    priority: JobPriority = JobPriority.NORMAL,
    hints: Hints = NO_HINTS,
    protocol: str = "file",
    also: Callable[[AsyncSession, Added], Awaitable[None]] | None = None,
) -> Added:
    """Take a recording in and begin its job; the same bytes twice are one recording, and the hints that come later count.

    One that was only transcribed before goes on to its entry. `protocol`: how the bytes come, for those who count. `also`:
    what is written in the same transaction, maybe more than once, of which one counts.

    Raises `Empty`, `TooLarge`, `UnsupportedAudio`, `UndecodableAudio`, `StorageFull`, `QuotaReached`, `TooManyJobs` and
    their kin; then nothing is stored.
    """

    async def record(session: AsyncSession, new: RecordingRow) -> Added:
        new.hints = hints or None
        added = await _record(runtime, session, new, priority)
        if also is not None:
            await also(session, added)
        return added

    return await take_in(runtime, account_id, filename, pieces, record, protocol)


async def take_in(
    runtime: Runtime, account_id: UUID, filename: str, pieces: AsyncIterable[bytes], record: Record, protocol: str
) -> Added:
    """Store the bytes, look at them, and then `record` them in one transaction; raises what `add_recording` does.

    `protocol`: how the bytes come, for those who count.
    """
    with runtime.metrics.uploads.taking_in(protocol) as taking:
        added, taking.size = await _taken_in(runtime, account_id, filename, pieces, record)
        taking.known = not added.created
    return added


async def _taken_in(
    runtime: Runtime, account_id: UUID, filename: str, pieces: AsyncIterable[bytes], record: Record
) -> tuple[Added, int]:
    """What became of the bytes, and how many they were."""
    recording_id = new_id()
    prefix = f"accounts/{account_id.hex}/recordings/{recording_id.hex}"
    key = f"{prefix}/original"
    try:
        received = await receive(runtime.blobs, key, pieces, runtime.settings.http.max_upload_bytes)
        info = await _looked_at(runtime, key)
        new = RecordingRow(
            id=recording_id, account_id=account_id, sha256=received.sha256, size_bytes=received.size_bytes,
            filename=display_name(filename), blob_key=key, **info,
        )  # fmt: skip
        try:
            added = await _written(runtime, new, record)
        except WrittenMeanwhile:
            # The same bytes came by way of another process in this very moment; now they are found.
            added = await _written(runtime, new, record)
    except BaseException:
        # Whoever is cancelled while a commit is under way does not learn that it went through.
        if not await _is_stored(runtime, account_id, recording_id):
            await runtime.blobs.delete_under(prefix)
        raise
    if not added.created:
        await runtime.blobs.delete_under(prefix)
    return added, received.size_bytes


async def write_new(runtime: Runtime, session: AsyncSession, new: RecordingRow) -> None:
    """Write a recording down that is here for the first time; its job follows in the same transaction."""
    await admit(session, runtime.settings, new)
    session.add(new)
    await session.flush()


async def delete_recording(
    runtime: Runtime,
    account_id: UUID,
    recording_id: UUID,
    agree: Callable[[RecordingRow, JobRow], None] | None = None,
) -> None:
    """Delete a recording and everything made of it; work on it stops. Raises `NotFound`.

    `agree` is called with the recording and its newest job, and raises if that is not what was to be deleted.
    """
    async with runtime.database.write() as session:
        recording = await repository.get_recording(session, account_id, recording_id)
        if agree is not None:
            agree(recording, await jobs.latest_job(session, account_id, recording_id))
        of_it = select(JobRow.id).where(JobRow.recording_id == recording.id)
        await keep_past_work(session, TaskRow.job_id.in_(of_it))
        await keep_past_storage(session, recording)
        await session.delete(recording)
        gone = Event(kind=EventKind.RECORDING_DELETED, account_id=account_id, recording_id=recording_id)
        runtime.event_log.append(session, gone)
    # The rows go first: a crash between the two leaves bytes that nothing names, never a row without its bytes.
    await runtime.blobs.delete_under(recording.blob_prefix)


async def _written(runtime: Runtime, new: RecordingRow, record: Record) -> Added:
    async with runtime.database.write() as session:
        added = await record(session, new)
        if added.created:
            runtime.event_log.append(session, event_of(added.job, EventKind.RECORDING_RECEIVED))
        return added


async def _record(runtime: Runtime, session: AsyncSession, new: RecordingRow, priority: JobPriority) -> Added:
    known = await repository.find_by_hash(session, new.account_id, new.sha256)
    if known is None:
        await write_new(runtime, session, new)
        return Added(new, await start_job(runtime, session, new.account_id, new.id, priority), created=True)
    known.hints = new.hints or known.hints
    found = await jobs.latest_in_manner(session, new.account_id, known.id, USUAL.key)
    if found is None:
        # Until now somebody only wanted it translated, or some such.
        return Added(known, await start_job(runtime, session, new.account_id, known.id, priority), created=False)
    job, flow = await locked_job(session, found.id), Flow(runtime)
    retried = await flow.carry_on(session, job) or await retry_undone(runtime, session, job)
    return Added(known, job, created=False, retried=retried)


async def _looked_at(runtime: Runtime, key: str) -> dict[str, Any]:
    """What the container says of itself, by column; nothing when the stage `inspect` will say it.

    What is no audio is refused here and now, while the person who gave it is looking, unless the bytes would have to be fetched
    back from an object store, or there is nothing here that could look at them.
    """
    if not (runtime.blobs.local and runtime.prober.installed):
        return {}
    async with runtime.blobs.local_path(key) as path:
        return asdict(await runtime.prober.inspect(path))


async def _is_stored(runtime: Runtime, account_id: UUID, recording_id: UUID) -> bool:
    """Whether the row is there, or cannot be asked for: bytes that nothing names are better than a row without its bytes."""
    try:
        async with runtime.database.read() as session:
            await repository.get_recording(session, account_id, recording_id)
    except NotFound:
        return False
    except DatabaseUnavailable:
        return True
    return True


def display_name(filename: str) -> str:
    """A name for people: the last part of any path, control characters shown, of bounded length."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    name = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in name)
    return name[-_LONGEST_NAME:] or "recording"
