"""Diarist as its user has it, for measuring: workers, a database and a blob store in a folder of their own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from diarist.accounts.service import account_id
from diarist.domain.job import JobState
from diarist.domain.transcript import Transcript
from diarist.jobs.service import view_job
from diarist.recordings.service import add_recording
from diarist.runtime import Runtime
from diarist.services.embedded_workers import embedded_workers
from diarist.settings import EngineSettings, Settings
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare

ENDED = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


class System:
    """A running Diarist."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def transcribe(self, path: Path) -> tuple[Transcript, float]:
        """Add a file and wait until its job has ended; returns the transcript and the seconds it took, upload and all."""
        async with self._runtime.database.read() as session:
            account = await account_id(session)
        started = time.perf_counter()
        added = await add_recording(self._runtime, account, path.name, _pieces(path))
        while (view := await view_job(self._runtime, account, added.job.id, None)).job.state not in ENDED:
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - started
        if view.job.state is not JobState.SUCCEEDED:
            raise RuntimeError(f"{path.name}: {view.job.error_code}: {view.job.error_message}")
        return await read_transcript(self._runtime, account, added.recording.id), seconds


@asynccontextmanager
async def running(folder: Path, model: str, cache_dir: Path) -> AsyncIterator[System]:
    """A system with a model; nothing of it is loaded before the first recording."""
    settings = Settings(data_dir=folder, cache_dir=cache_dir, engine=EngineSettings(model=model))
    await prepare(settings)
    with embedded_workers(settings) as ring:
        async with open_runtime(settings, ring) as runtime:
            yield System(runtime)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as source:
        while piece := await asyncio.to_thread(source.read, 1 << 20):
            yield piece
