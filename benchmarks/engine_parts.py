"""What each part of Whisper takes for a window of 30 s, on one thread of the CPU: features, both encoders, decoder, word times.

Usage: engine_parts.py [MODEL…], `tiny.en base` when none is named. The seconds are the processor's own: other work on the machine
stretches them less than those of the clock.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent
# The speaker lies with the sample recording, and the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "samples")]

from material import RATE, memos_as_sound  # noqa: E402

from diarist.adapters.transcription_engines.ctranslate2_whisper import CTranslate2Whisper  # noqa: E402
from diarist.engine.models import resolve  # noqa: E402
from diarist.settings import load_settings  # noqa: E402

WINDOWS = 4
REPEATS = 3
BEAMS = (1, 5)


def main(models: list[str]) -> None:
    """Print a table of seconds a window."""
    cache_dir = load_settings().cache_dir
    sound = memos_as_sound()
    sounds = [sound[number * 29 * RATE : (number + 1) * 29 * RATE] for number in range(WINDOWS)]
    for model in models:
        print(model)
        for part, seconds in parts(Path(resolve(model, cache_dir).path), sounds, cache_dir).items():
            print(f"  {part:28}{seconds:8.4f} s")


def parts(model: Path, sounds: list[Any], cache_dir: Path) -> dict[str, float]:
    """Seconds a window, by part."""
    from faster_whisper import WhisperModel
    from faster_whisper.audio import pad_or_trim
    from faster_whisper.tokenizer import Tokenizer
    from faster_whisper.transcribe import get_suppressed_tokens

    from diarist.adapters.transcription_engines import whisper_openvino
    from diarist.adapters.transcription_engines.placement import Placement
    from diarist.adapters.transcription_engines.whisper_share import Share

    whisper = whisper_openvino.load(resolve(str(model), cache_dir), Placement("cpu", (0,), "int8", Share(1, 1)), cache_dir)
    features = np.stack([pad_or_trim(whisper.feature_extractor(sound)[..., :-1]) for sound in sounds])
    tokenizer = Tokenizer(whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language="en")
    prompt = whisper.get_prompt(tokenizer, [], without_timestamps=True)
    states = np.array(whisper.encode(features))
    found = {
        "mel features": seconds(lambda: whisper.feature_extractor(sounds[0])),
        "encoder, OpenVINO": seconds(lambda: whisper.encode(features[:1])),
        "encoder, CTranslate2 int8": seconds(lambda: WhisperModel.encode(whisper, features[:1])),
    }
    tokens = []
    for name in ("OpenVINO", "CTranslate2"):
        encoded = whisper.encoded(states) if name == "OpenVINO" else CTranslate2Whisper.encoded(whisper, states)
        decoder: Any = whisper.model if name == "OpenVINO" else whisper.model.other
        for beam_size in BEAMS:

            def decode(beam_size: int = beam_size, encoded: Any = encoded, decoder: Any = decoder) -> Any:
                options = {"suppress_tokens": get_suppressed_tokens(tokenizer, [-1])}
                return decoder.generate(encoded, [prompt] * WINDOWS, beam_size=beam_size, **options)

            found[f"decoder, {name}, beam {beam_size}"] = seconds(decode) / WINDOWS
        tokens = [result.sequences_ids[0] for result in decode()]

        def align(encoded: Any = encoded, decoder: Any = decoder, tokens: Any = tokens) -> Any:
            return decoder.align(encoded, tokenizer.sot_sequence, tokens, [3000] * WINDOWS)

        found[f"word times, {name}"] = seconds(align) / WINDOWS
    return found | {"(tokens)": float(np.mean([len(one) for one in tokens]))}


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, the least of some runs."""
    taken = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


if __name__ == "__main__":
    main(sys.argv[1:] or ["tiny.en", "base"])
