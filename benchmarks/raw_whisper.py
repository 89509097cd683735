"""faster-whisper by itself, as its own documentation uses it: the yardstick. Run as a process of its own.

Usage: raw_whisper.py MODEL_DIR MODE FILE… -> a JSON line a file: a `RawAnswer`
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BATCH = 8
MODES: dict[str, dict[str, Any]] = {
    # As Diarist is set, word times and all.
    "sequential": {"vad_filter": True, "word_timestamps": True},
    "batched": {"vad_filter": True, "word_timestamps": True, "batch_size": BATCH},
    # As it comes, and as fast as it goes; word times for all, as Diarist has them.
    "sequential, beam 5": {"beam_size": 5, "word_timestamps": True},
    "sequential, beam 1": {"beam_size": 1, "word_timestamps": True},
    "batched by 8, beam 1": {"beam_size": 1, "word_timestamps": True, "batch_size": BATCH},
}


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What it says to one file."""

    file: str
    duration: float
    """Seconds of sound."""
    seconds: float
    """That it took, model already loaded and warm."""
    text: str
    words: list[tuple[str, float]]
    """With the seconds at which each begins."""
    peak_memory: float
    """MB, of the whole process so far."""


def answers(directory: str, mode: str, paths: Sequence[Path]) -> list[RawAnswer]:
    """Let a fresh process load the model and hear each file."""
    command = [sys.executable, __file__, directory, mode, *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
    return [RawAnswer(**json.loads(line)) for line in done.stdout.splitlines()]


def main(model_dir: str, mode: str, files: list[str]) -> None:
    """Load once, hear a few seconds to warm up, then time each file: decoding, voice activity and engine, words included."""
    import psutil
    from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio

    from diarist.adapters.transcription_engines.whisper_share import processors
    from diarist.cli.evaluating.memory import peak_memory
    from diarist.settings import EngineSettings

    model = WhisperModel(model_dir, device="cpu", compute_type="int8", cpu_threads=processors())
    options = {"beam_size": EngineSettings().beam_size, **MODES[mode]}
    engine: Any = BatchedInferencePipeline(model) if "batch_size" in options else model
    warm_up, _ = engine.transcribe(decode_audio(files[0])[: 10 * 16_000], **options)
    list(warm_up)
    for file in files:
        started = time.perf_counter()
        found, about = engine.transcribe(file, **options)
        segments = list(found)
        seconds = time.perf_counter() - started
        peak = peak_memory(psutil.Process()) / 1e6
        text = " ".join(segment.text.strip() for segment in segments)
        words = [(word.word.strip(), float(word.start)) for segment in segments for word in segment.words or ()]
        print(json.dumps(asdict(RawAnswer(file, about.duration, seconds, text, words, peak))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
