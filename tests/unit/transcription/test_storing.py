"""Chunks are stored while the next are cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from begun_jobs import begun_job
from diarist.domain.audio import PlannedChunk, Span
from diarist.errors import LeaseLost
from diarist.jobs.flow import Flow
from diarist.jobs.work import TaskContext
from diarist.queue.models import TaskRow
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import get_recording
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.transcription import storing
from diarist.transcription.repository import list_chunks
from diarist.transcription.storing import ChunkStore
from diarist.wiring import open_runtime, prepare


class SlowBlobs:
    """Takes bytes only while the gate is open."""

    def __init__(self) -> None:
        self.gate, self.asked = asyncio.Event(), asyncio.Event()
        self.keys: list[str] = []

    async def put(self, key: str, _content: bytes) -> None:
        self.keys.append(key[-10:])
        self.asked.set()
        await self.gate.wait()


class Counting(TaskContext):
    """Counts its transactions."""

    transactions = 0

    @asynccontextmanager
    async def fenced(self) -> AsyncIterator[AsyncSession]:
        self.transactions += 1
        async with super().fenced() as session:
            yield session


class Bench:
    """A recording whose plan has just been claimed."""

    def __init__(self, runtime: Runtime, context: Counting, recording: RecordingRow, blobs: SlowBlobs) -> None:
        self.runtime, self.context, self.recording, self.blobs = runtime, context, recording, blobs

    def store(self) -> ChunkStore:
        return ChunkStore(self.context, self.recording, 1, "")

    async def stored(self) -> tuple[list[int], int]:
        """The indexes of the chunks that are there, and how many tasks to transcribe them."""
        async with self.runtime.database.read() as session:
            chunks = await list_chunks(session, self.recording.account_id, self.recording.id)
            tasks = (await session.scalars(select(TaskRow).where(TaskRow.stage == "transcribe"))).all()
        assert {task.payload["chunk_id"] for task in tasks} == {str(chunk.id) for chunk in chunks}
        return [chunk.index for chunk in chunks], len(tasks)


@pytest.fixture
async def bench(settings: Settings) -> AsyncIterator[Bench]:
    await prepare(settings)
    blobs = SlowBlobs()
    async with open_runtime(settings, None) as opened:
        job = await begun_job(opened, b"")
        runtime = replace(opened, blobs=cast("Blobs", blobs))
        flow = Flow(runtime)
        inspected = await runtime.ledger.claim("audio")
        assert inspected is not None
        async with runtime.ledger.fenced(inspected) as session:
            await runtime.ledger.succeed(session, inspected, 0.0)
            await flow.succeeded(session, inspected)
            task, _ = await runtime.ledger.claim_next(session, "audio")
            recording = await get_recording(session, job.account_id, job.recording_id)
        assert task is not None
        yield Bench(runtime, Counting(runtime, flow, task), recording, blobs)


def cut(index: int) -> PlannedChunk:
    return PlannedChunk(index=index, start=index * 30.0, end=(index + 1) * 30.0, speech=(Span(0.0, 30.0),))


async def test_what_is_cut_while_a_chunk_is_stored_is_stored_together(bench: Bench) -> None:
    async with bench.store() as store:
        await store.add(cut(0), b"0")
        await bench.blobs.asked.wait()
        for index in (1, 2, 3):
            await store.add(cut(index), b"1")
        assert bench.blobs.keys == ["00000.flac"]
        bench.blobs.gate.set()
    assert bench.blobs.keys == ["00000.flac", "00001.flac", "00002.flac", "00003.flac"]
    assert await bench.stored() == ([0, 1, 2, 3], 4)
    assert bench.context.transactions == 2


async def test_whoever_cuts_waits_when_too_many_bytes_wait(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "MOST_BYTES", 10)
    async with bench.store() as store:
        await store.add(cut(0), b"0" * 9)
        await store.add(cut(1), b"1" * 9)
        adding = asyncio.create_task(store.add(cut(2), b"2"))
        await bench.blobs.asked.wait()
        assert not adding.done()
        bench.blobs.gate.set()
        await adding
    assert await bench.stored() == ([0, 1, 2], 3)


async def test_a_lost_lease_is_told_to_whoever_cuts(bench: Bench) -> None:
    bench.blobs.gate.set()
    async with bench.runtime.database.write() as session:
        await bench.runtime.ledger.cancel_job(session, bench.context.task.job_id)
    with pytest.raises(LeaseLost):
        async with bench.store() as store:
            await store.add(cut(0), b"0")
    assert await bench.stored() == ([], 0)


async def test_nothing_is_stored_behind_the_back_of_a_cut_that_failed(bench: Bench) -> None:
    with pytest.raises(RuntimeError, match="broken"):
        async with bench.store() as store:
            await store.add(cut(0), b"0")
            await bench.blobs.asked.wait()
            await store.add(cut(1), b"1")
            raise RuntimeError("broken")
    bench.blobs.gate.set()
    assert await bench.stored() == ([], 0)
    assert bench.blobs.keys == ["00000.flac"]
