"""Diarist in a folder of its own, to hear recordings that are to come into nobody's diary."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from diarist.cli.opening import Here, opened
from diarist.cli.uploading import pieces
from diarist.domain.job import UNFINISHED, JobState, Stage
from diarist.domain.transcript import Transcript
from diarist.errors import DiaristError, EngineFailed, error_classes
from diarist.jobs.progress import Progress
from diarist.jobs.service import view_job
from diarist.jobs.waiting import looks
from diarist.pipeline import PIPELINE
from diarist.queue.broker import GROUPS
from diarist.queue.ledger import Ring
from diarist.recordings.service import add_recording, delete_recording
from diarist.runtime import Runtime
from diarist.services.workers import workers
from diarist.settings import (
    BrokerSettings,
    CacheSettings,
    DatabaseSettings,
    EngineSettings,
    EventSettings,
    Settings,
    StorageSettings,
)
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics
from diarist.transcription.service import read_transcript
from diarist.wiring import open_runtime, prepare

_LAST = "merge"
UP_TO_TRANSCRIPT = tuple(
    replace(stage, then=None if stage.name == _LAST else stage.then)
    for stage in PIPELINE[: [stage.name for stage in PIPELINE].index(_LAST) + 1]
)
"""Without what comes after it: no entry is wanted, and nothing may be sent to those who would write one."""


class Listener:
    """Hears one recording after the other, and keeps none."""

    def __init__(self, here: Here) -> None:
        self.here = here

    async def hear(self, path: Path, told: Callable[[Progress], None] = lambda _: None) -> tuple[Transcript, float]:
        """The transcript, and the seconds from the first byte to the end of its job; raises why a recording is refused."""
        runtime, account = self.here.runtime, self.here.account_id
        started = time.perf_counter()
        added = await add_recording(runtime, account, path.name, pieces(path, lambda _: None))
        length = added.recording.best_duration
        try:
            async with aclosing(looks(runtime, account, added.job.id, math.inf)) as seen:
                async for job in seen:
                    if job.state in UNFINISHED:
                        told((await view_job(runtime, account, job.id, length)).progress)
            elapsed = time.perf_counter() - started
            if job.state is not JobState.SUCCEEDED:
                raise _failure(job.error_code, job.error_message)
            return await read_transcript(runtime, account, added.recording.id), elapsed
        finally:
            # Also so that the same sound is heard anew the next time, and not remembered.
            await asyncio.shield(delete_recording(runtime, account, added.recording.id))


@asynccontextmanager
async def listening(
    settings: Settings, engine: EngineSettings, folder: Path, stages: Sequence[Stage] = UP_TO_TRANSCRIPT
) -> AsyncIterator[Listener]:
    """A Diarist with this engine, and nothing but the models in common with the one that the settings describe."""
    apart = settings.model_copy(
        update={
            "data_dir": folder,
            "database": DatabaseSettings(),
            "broker": BrokerSettings(),
            "cache": CacheSettings(),
            "events": EventSettings(),
            "storage": StorageSettings(),
            "engine": engine,
        }
    )
    await prepare(apart)

    @asynccontextmanager
    async def opening(
        settings: Settings, ring: Ring | None, *, blobs: Blobs | None = None, metrics: Metrics | None = None
    ) -> AsyncIterator[Runtime]:
        async with open_runtime(settings, ring, blobs=blobs, metrics=metrics) as runtime:
            yield replace(runtime, stages=stages)

    with workers(apart, GROUPS, alone=True, opening=opening) as working:
        async with opened(apart, working.ring) as here:
            yield Listener(replace(here, runtime=replace(here.runtime, stages=stages)))


def _failure(code: str | None, message: str | None) -> DiaristError:
    kind = error_classes().get(code or "", EngineFailed)
    # What jobs advise, to try again later, is of no use here.
    advice = "Check the engine and its model: `diarist doctor --deep`." if issubclass(kind, EngineFailed) else None
    return kind(message, advice=advice)
