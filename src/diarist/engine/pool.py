"""All engines that the settings name, as one: each model in a process of its own, started when it is first needed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript, Segment
from diarist.engine.process import EngineProcess
from diarist.engine.routes import routed
from diarist.ports.transcription_engine import UNGUIDED, Guidance
from diarist.settings import EngineSettings
from diarist.telemetry.metrics import Metrics


class EnginePool:
    """Hears like an `EngineProcess`, by the route that fits; chunks for different models do not wait for each other."""

    def __init__(self, settings: EngineSettings, cache_dir: Path, metrics: Metrics | None = None) -> None:
        self._settings, self._cache_dir = settings, cache_dir
        self._metrics = metrics or Metrics.open()
        self._processes: dict[tuple[str, str], EngineProcess] = {}

    def transcribe(
        self, path: Path, speech: Sequence[Span], guidance: Guidance = UNGUIDED
    ) -> AsyncGenerator[Segment | ChunkTranscript, None]:
        """See `EngineProcess.transcribe`."""
        return self._process(guidance).transcribe(path, speech, guidance)

    async def warm_up(self) -> None:
        """Load the model that hears what nothing is known of; those of other routes wait until they are needed."""
        await self._process(UNGUIDED).warm_up()

    async def close(self) -> None:
        """End every child."""
        for process in self._processes.values():
            await process.close()

    def _process(self, guidance: Guidance) -> EngineProcess:
        settings = routed(self._settings, guidance)
        key = (settings.name, settings.model)
        if key not in self._processes:
            watch = self._metrics.children.watch("engine", self._metrics.engine.noted)
            self._processes[key] = EngineProcess(settings, self._cache_dir, watch)
        return self._processes[key]
