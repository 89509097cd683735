"""faster-whisper by itself, as its own documentation uses it: the yardstick. Run as a process of its own.

Usage: raw_whisper.py MODEL_DIR sequential|batched FILE… -> a JSON line a file: {"file", "seconds", "text"}
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

BATCH = 8


def main(model_dir: str, mode: str, files: list[str]) -> None:
    """Load once, hear a few seconds to warm up, then time each file: decoding, voice activity and engine, words included."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio

    from diarist.settings import EngineSettings

    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    model = WhisperModel(model_dir, device="cpu", compute_type="int8", cpu_threads=threads)
    options: dict[str, Any] = {"beam_size": EngineSettings().beam_size, "vad_filter": True, "word_timestamps": True}
    engine: Any = model
    if mode == "batched":
        engine, options["batch_size"] = BatchedInferencePipeline(model), BATCH
    warm_up, _ = engine.transcribe(decode_audio(files[0])[: 10 * 16_000], **options)
    list(warm_up)
    for file in files:
        started = time.perf_counter()
        segments, _ = engine.transcribe(file, **options)
        text = " ".join(segment.text.strip() for segment in segments)
        print(json.dumps({"file": file, "seconds": time.perf_counter() - started, "text": text}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
