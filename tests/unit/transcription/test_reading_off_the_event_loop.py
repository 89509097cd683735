"""What takes seconds for a long day is not computed on the event loop that answers everybody else."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from uuid import UUID

import pytest

from begun_jobs import begun_job
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.transcription import merge, repository, trust
from diarist.transcription.models import ChunkRow
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare
from made_transcripts import segment, transcript

COMPUTING = {merge.__file__, trust.__file__}


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    settings = Settings(data_dir=tmp_path)
    await prepare(settings)
    async with open_runtime(settings, None) as runtime:
        yield runtime


@contextmanager
def computed_here() -> Iterator[list[str]]:
    """What was called in this thread of the modules that compute transcripts."""
    called: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in COMPUTING:
            called.append(frame.f_code.co_qualname)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(before)


async def half_heard(runtime: Runtime) -> tuple[UUID, UUID, UUID]:
    """Account, recording and job of two chunks, of which the first has been heard."""
    job = await begun_job(runtime, b"")
    about = {"account_id": job.account_id, "recording_id": job.recording_id, "plan_version": 1, "speech": [[1.0, 4.0]]}
    heard = {"segments": (segment(1.0, 4.0, "One two three."),), "engine": "scripted", "model": "counting"}
    async with runtime.database.write() as session:
        session.add(ChunkRow(index=0, start=0.0, end=30.0, blob_key="r/0", **about, **heard))
        session.add(ChunkRow(index=1, start=30.0, end=60.0, blob_key="r/1", **about))
    return job.account_id, job.recording_id, job.id


async def test_a_partial_transcript_is_put_together_elsewhere(runtime: Runtime) -> None:
    account, recording, _ = await half_heard(runtime)
    with computed_here() as called:
        found = await read_transcript(runtime, account, recording)
    assert (found.text, found.partial) == ("One two three.", True)
    assert found.coverage
    assert called == []


async def test_the_coverage_of_an_old_transcript_is_found_elsewhere(runtime: Runtime) -> None:
    account, recording, job = await half_heard(runtime)
    async with runtime.database.write() as session:
        await repository.add_transcript(session, account, recording, job, transcript(segment(1.0, 4.0, "One two three.")))
    with computed_here() as called:
        found = await read_transcript(runtime, account, recording)
    assert (found.text, found.partial) == ("One two three.", False)
    assert found.engine
    assert called == []


def test_what_is_computed_here_is_noticed() -> None:
    with computed_here() as called:
        trust.assess(transcript(), [])
    assert "assess" in called
