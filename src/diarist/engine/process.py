"""Hears chunks in a child process that keeps its model loaded; the parent imports no engine and may kill it at any time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

import msgspec

from diarist.child.process import ChildProcess
from diarist.child.upkeep import Upkeep
from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn
from diarist.errors import EngineFailed
from diarist.ports.transcription_engine import UNGUIDED, EngineOptions, Guidance
from diarist.settings import EngineSettings
from diarist.telemetry.metrics.children import ChildWatch

_NAME = "the engine process"
_MEGABYTE = 10**6


class EngineProcess:
    """One child with one model, started when it is first needed; one chunk at a time."""

    def __init__(self, settings: EngineSettings, cache_dir: Path, watch: ChildWatch | None = None) -> None:
        options = EngineOptions(
            model=settings.model,
            cache_dir=str(cache_dir),
            device=settings.device,
            compute_type=settings.compute_type,
            threads=settings.threads,
            beam_size=settings.beam_size,
            server_url=settings.server.url,
            api_key=settings.server.api_key.get_secret_value(),
            server_timeout=settings.server.timeout,
        )
        values = {"engine": settings.name, **asdict(options)}
        self._child = ChildProcess("diarist.engine.child:open_engine", values, name=_NAME, watch=watch)
        limit = settings.memory_limit_mb * _MEGABYTE
        self._upkeep = Upkeep(self._child, name=_NAME, idle_seconds=settings.idle_seconds, memory_limit=limit)

    async def transcribe(
        self, path: Path, speech: Sequence[Span], guidance: Guidance = UNGUIDED
    ) -> AsyncGenerator[Segment | ChunkTranscript, None]:
        """Yield each segment as it is known, and the whole at the end; times in seconds from the start of the chunk.

        `path`: a chunk as `audio/flac.py` writes it; only the child reads it. `speech`: see `TranscriptionEngine`. Raises
        `ModelUnavailable`, `ChildDied`, `EngineFailed`.
        Leaving early kills the child.
        """
        params = {"path": str(path), "speech": [[span.start, span.end] for span in speech], "guidance": asdict(guidance)}
        segments: list[Segment] = []
        heard: ChunkTranscript | None = None
        async with self._upkeep.in_use(), aclosing(self._child.call("transcribe", params)) as answer:
            async for message in answer:
                if "segment" in message.body:
                    segments.append(msgspec.convert(message.body["segment"], Segment))
                    yield segments[-1]
                else:
                    withdrawn = msgspec.convert(message.body["withdrawn"], tuple[Withdrawn, ...])
                    heard = ChunkTranscript(**{**message.body, "segments": tuple(segments), "withdrawn": withdrawn})
        if heard is None:
            raise EngineFailed("The engine ended without an answer.")
        yield heard

    async def warm_up(self) -> None:
        """Start the child and load its model now rather than with the first chunk."""
        async with self._upkeep.in_use(), aclosing(self._child.call("warm_up", {})) as answer:
            async for _ in answer:
                pass

    async def close(self) -> None:
        """End the child."""
        await self._child.close()
        await self._upkeep.close()
