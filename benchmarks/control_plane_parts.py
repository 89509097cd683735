"""Parts that take the place of FFmpeg and Whisper when only the control plane is measured; all else of a Runtime is real.

A recording is a WAV header that declares its duration and a few bytes that make it unique; a chunk is some bytes of noise, its
text five minutes of made-up speech with the times of every word.
"""

from __future__ import annotations

import os
import random
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.audio.process import AudioProcess
from diarist.diary import repository
from diarist.domain.audio import AudioInfo, PlannedChunk, PlanSummary, Span
from diarist.domain.diary import Entry
from diarist.domain.job import Stage
from diarist.domain.transcript import ChunkTranscript, Segment, Word
from diarist.engine.pool import EnginePool
from diarist.jobs.work import Effect, TaskContext
from diarist.pipeline import PIPELINE
from diarist.queue.ledger import Ring
from diarist.runtime import Runtime
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from diarist.telemetry.metrics import Metrics
from diarist.transcription.repository import latest_transcript
from diarist.wiring import open_runtime

STAGES = tuple(replace(stage, handler="control_plane_parts:compose") if stage.name == "compose" else stage for stage in PIPELINE)
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""RIFF, size, WAVE, fmt, 16, PCM, channels, rate, bytes a second, bytes a frame, bits, data, size; RFC 2361 and its sources."""
_RATE = 16_000
_CHUNK_BYTES = 4096
_SEGMENT_WORDS, _WORD_SECONDS = 15, 0.4


def recording(seconds: float, unique: bytes, samples: bytes = b"") -> bytes:
    """A WAV file that declares `seconds` of 16 kHz mono, whatever follows."""
    size = round(seconds * _RATE) * 2
    head = _HEADER.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, _RATE, 2 * _RATE, 2, 16, b"data", size
    )  # fmt: skip
    return head + unique + samples


class DeclaredAudio:
    """Believes the header, and cuts chunks of noise."""

    installed = True

    async def inspect(self, path: Path) -> AudioInfo:
        return AudioInfo(
            container="wav", codec="pcm_s16le", sample_rate=_RATE, channels=1, declared_duration=_declared(path)
        )  # fmt: skip

    async def plan(
        self, path: Path, *, target: float, resume_from: tuple[int, float] | None = None, **_: object
    ) -> AsyncGenerator[tuple[PlannedChunk, bytes] | PlanSummary, None]:
        duration = _declared(path)
        index, start = resume_from or (0, 0.0)
        while start < duration:
            end = min(start + target, duration)
            speech = (Span(0.0, end - start),)
            yield PlannedChunk(index=index, start=start, end=end, speech=speech), os.urandom(_CHUNK_BYTES)
            index, start = index + 1, end
        yield PlanSummary(duration=duration, speech_seconds=duration, peak=0.5, loudness_dbfs=-20.0)

    async def close(self) -> None:
        pass


class KnownWords:
    """Hears the same words in every chunk, at once."""

    async def transcribe(
        self, _chunk: object, speech: Sequence[Span], _guidance: object
    ) -> AsyncGenerator[Segment | ChunkTranscript, None]:
        yield heard_in(round(speech[-1].end))

    async def close(self) -> None:
        pass


async def compose(context: TaskContext) -> Effect:
    """Read the transcript and store an entry as the real stage does, without the seconds of thought between."""
    account_id, recording_id = context.task.account_id, UUID(context.task.payload["recording_id"])
    async with context.runtime.database.look() as session:
        row = await latest_transcript(session, account_id, recording_id)
    assert row  # noqa: S101 - merging came before
    entry = Entry(
        title="Measured", sentences=(), action_items=(), people=(), topics=(), mood=None, language="en", composed_by="nobody"
    )

    async def effect(session: AsyncSession) -> None:
        await repository.add_entry(session, account_id, recording_id, row.id, context.task.job_id, entry)

    return effect


@asynccontextmanager
async def scripted_runtime(
    settings: Settings,
    ring: Ring | None,
    *,
    blobs: Blobs | None = None,
    metrics: Metrics | None = None,
    stages: Sequence[Stage] = STAGES,
) -> AsyncIterator[Runtime]:
    """A Runtime whose sound and words are made up; with the `stages` of `PIPELINE` they become whole entries."""
    audio = cast("AudioProcess", DeclaredAudio())
    async with open_runtime(settings, ring, blobs=blobs, metrics=metrics) as runtime:
        yield replace(runtime, stages=tuple(stages), prober=audio, decoder=audio, engine=cast("EnginePool", KnownWords()))


@cache
def heard_in(seconds: int) -> ChunkTranscript:
    """Made-up speech of so many seconds, the same each time; clear, so that nothing of it is doubted."""
    chance = random.Random(seconds)  # noqa: S311 - made-up words protect nothing
    words = [_word(chance, at * _WORD_SECONDS) for at in range(max(1, round(seconds / _WORD_SECONDS)))]
    lines = [words[at : at + _SEGMENT_WORDS] for at in range(0, len(words), _SEGMENT_WORDS)]
    values: dict[str, Any] = {"probability": 0.8731, "no_speech_probability": 0.0213, "compression_ratio": 1.6412}
    segments = tuple(
        Segment(start=line[0].start, end=line[-1].end, text=" ".join(word.text for word in line), words=tuple(line), **values)
        for line in lines
    )
    return ChunkTranscript(language="en", language_probability=0.9912, segments=segments, engine="scripted", model="none")


def _word(chance: random.Random, start: float) -> Word:
    text = "".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9)))
    return Word(start=round(start, 3), end=round(start + 0.36, 3), text=text, probability=round(chance.uniform(0.7, 1.0), 4))


def _declared(path: Path) -> float:
    with path.open("rb") as file:
        size: int = _HEADER.unpack(file.read(_HEADER.size))[-1]
    return size / (2 * _RATE)
