"""All of Diarist in this process, as a test uses it: give it a file, see what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio.from_thread import BlockingPortal, start_blocking_portal

from diarist.accounts.service import account_id as find_account
from diarist.diary.repository import entry_from_row, latest_entry
from diarist.domain.diary import Entry
from diarist.domain.job import JobState
from diarist.domain.transcript import Transcript
from diarist.jobs.models import JobRow
from diarist.jobs.service import view_job
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import get_recording
from diarist.recordings.service import add_recording
from diarist.runtime import Runtime
from diarist.services.embedded_workers import embedded_workers
from diarist.settings import EngineSettings, Settings
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare

PATIENCE = 240.0
"""Seconds that one recording may take on a slow machine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a recording that succeeded."""

    recording: RecordingRow
    job: JobRow
    transcript: Transcript
    entry: Entry

    @property
    def warnings(self) -> list[str]:
        return [warning["code"] for warning in self.job.warnings]


class WholeSystem:
    """A running Diarist, for tests that are plain functions."""

    def __init__(self, portal: BlockingPortal, runtime: Runtime) -> None:
        self._portal, self._runtime = portal, runtime

    def take(self, path: Path) -> Outcome:
        """Add a file and wait for its entry."""
        return self._portal.call(self._take, path)

    async def _take(self, path: Path) -> Outcome:
        runtime = self._runtime
        async with runtime.database.read() as session:
            account = await find_account(session)
        added = await add_recording(runtime, account, path.name, _pieces(path))
        async with asyncio.timeout(PATIENCE):
            while (job := (await view_job(runtime, account, added.job.id, None)).job).state is not JobState.SUCCEEDED:
                assert job.state in {JobState.QUEUED, JobState.RUNNING}, f"{job.error_code}: {job.error_message}"
                await asyncio.sleep(0.05)
        async with runtime.database.read() as session:
            recording = await get_recording(session, account, added.recording.id)
            row = await latest_entry(session, account, recording.id)
        assert row is not None
        return Outcome(recording, job, await read_transcript(runtime, account, recording.id), entry_from_row(row))


@contextmanager
def whole_system(folder: Path, model: str) -> Iterator[WholeSystem]:
    """A system on a fresh data directory; `model` as in DIARIST_ENGINE__MODEL. Models stay in the user's cache."""
    settings = Settings(data_dir=folder, engine=EngineSettings(model=model))
    with start_blocking_portal() as portal:
        portal.call(prepare, settings)
        with (
            embedded_workers(settings) as ring,
            portal.wrap_async_context_manager(open_runtime(settings, ring)) as runtime,
        ):
            yield WholeSystem(portal, runtime)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(path.read_bytes)
