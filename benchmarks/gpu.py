"""How many seconds of sound in a second on this machine's GPUs, by model, type of numbers and batch.

Usage: gpu.py [MODEL…], `base` and `tiny.en` when none is named; others are fetched from the hub. Where there is no GPU it
says so and ends with 0.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent
# The speaker lies with the sample recording, and the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "samples")]

from material import RATE, memos_as_sound  # noqa: E402

from diarist.domain.audio import Span  # noqa: E402
from diarist.engine.models import resolve  # noqa: E402
from diarist.settings import load_settings  # noqa: E402

MINUTES = 30
TYPES = ("auto", "float16", "int8_float16")
BATCHES = (1, 8, 16, 32)


def main(models: list[str]) -> int:
    """Print a line for each combination; the exit status."""
    import ctranslate2

    from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper
    from diarist.adapters.transcription_engines.placement import place
    from diarist.adapters.transcription_engines.whisper_loading import load_whisper
    from diarist.adapters.transcription_engines.whisper_reading import Whisper
    from diarist.errors import DiaristError
    from diarist.ports.transcription_engine import EngineOptions

    count = ctranslate2.get_cuda_device_count()
    if not count:
        print("There is no GPU that CTranslate2 can use; nothing was measured.")
        return 0
    cache_dir = load_settings().cache_dir
    sound = np.resize(memos_as_sound(), MINUTES * 60 * RATE)
    speech = [Span(0.0, MINUTES * 60.0)]
    print(f"{count} GPU(s), {MINUTES} minutes of speech")
    for name in models:
        model = resolve(name, cache_dir)
        for compute_type in TYPES:
            options = EngineOptions(model=name, cache_dir=str(cache_dir), device="cuda", compute_type=compute_type)
            chosen = place(options)
            for batch in (chosen.share.batch, *BATCHES):
                placement = replace(chosen, share=replace(chosen.share, batch=batch))
                try:
                    engine = Whisper(name, name, load_whisper(CTranslate2Whisper, model, placement), placement.share, 1)
                    list(engine.transcribe(sound[: 60 * RATE], [Span(0.0, 60.0)]).segments)  # warms up
                    started = time.perf_counter()
                    words = sum(len(segment.words) for segment in engine.transcribe(sound, speech).segments)
                    taken = time.perf_counter() - started
                    engine.close()
                except DiaristError as error:
                    print(f"{name:12}{placement.compute_type:14} batch {batch:3}  {error}")
                    continue
                print(f"{name:12}{placement.compute_type:14} batch {batch:3}{MINUTES * 60 / taken:8.0f}x  {words} words")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["tiny.en", "base"]))
