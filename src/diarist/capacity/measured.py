"""What was measured, where and how; the planner multiplies nothing else.

Whoever has measured on machines of their own gives those figures instead: `diarist capacity --help`.
"""

from __future__ import annotations

from dataclasses import dataclass

MACHINE = "2 cores of a Xeon with AMX, shared with others, in a fast quarter of an hour, 2026-11-23"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """An engine with a model, as a transcription worker runs it."""

    name: str
    core_seconds: float
    """Seconds of one core for an hour of audio: decoding, voice activity, words and what is heard twice included."""
    memory_mb: float
    """Of a worker with the processes that decode and hear, at the most."""
    seen_by: str
    """The command that measured it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneFigures:
    """What everything but the engine takes for an hour of audio, in recordings of half an hour and chunks of five minutes."""

    worker_seconds: float = 0.35
    """Seconds of a core of the workers beside the engine."""
    database_seconds: float = 0.083
    """Seconds in which PostgreSQL works on the statements of workers."""
    transactions: float = 92.0
    statements: float = 474.0
    log_mb: float = 0.52
    """Of PostgreSQL's write-ahead log."""
    redis_seconds: float = 0.0052
    """Seconds of a core of Redis."""
    sound_seconds: float = 9.1
    """Seconds of a core to decode, find voices, cut, encode and hash; part of what an engine takes end to end."""
    api_seconds: float = 0.7
    """Seconds of a core of the APIs: an upload of 57.6 MB, 0.55 s, and ten looks at its job, 0.015 s each."""
    api_memory_mb: float = 200.0
    seen_by: str = "make bench-control-plane"


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeFigures:
    """Megabytes for an hour of audio."""

    original_mb: float = 57.6
    """MP3 of 128 kbit/s; by the definition of the format."""
    chunks_mb: float = 60.0
    """16 kHz mono FLAC."""
    rows_mb: float = 0.7
    """Of the database: chunks, transcript, entry, tasks and indexes."""


ENGINES = {
    figures.name: figures
    for figures in (
        EngineFigures(
            name="whisper-openvino/tiny.en", core_seconds=2 * 3600 / 97.9, memory_mb=1400, seen_by="make bench-transcription"
        ),
        EngineFigures(
            name="whisper-openvino/base", core_seconds=2 * 3600 / 54.6, memory_mb=1800, seen_by="make bench-transcription"
        ),
    )
}
"""By name; end to end, int8 and bf16. Graphics cards were not to be had: their speed has to be given."""
