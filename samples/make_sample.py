"""Makes the sample recording from its text: each line is a sentence, an empty line a moment of thought.

python samples/make_sample.py
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from speaker import Speech, speak

TEXT = Path(__file__).with_name("tuesday_evening.txt")
SENTENCE_PAUSE = 0.55
"""Seconds of silence after a sentence."""
THOUGHT_PAUSE = 1.5
"""Seconds of silence where the text has an empty line, and at the end."""
BIT_RATE = 28_000
"""Bits a second; plenty for one voice in Opus."""
OPUS_RATE = 48_000
"""Hz; what Opus works at inside."""


def sentences(text: str) -> list[tuple[str, float]]:
    """Each line with the seconds of silence that follow it."""
    spoken: list[tuple[str, float]] = []
    for paragraph in text.strip().split("\n\n"):
        *lines, last = paragraph.splitlines()
        spoken += [(line, SENTENCE_PAUSE) for line in lines]
        spoken.append((last, THOUGHT_PAUSE))
    return spoken


def write_opus(path: Path, samples: NDArray[np.float32], sample_rate: int) -> None:
    """Encode mono samples as Opus in OGG; the same samples give the same bytes."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=OPUS_RATE)
    sound = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="flt", layout="mono")
    sound.sample_rate = sample_rate
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=OPUS_RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        for frame in [*resampler.resample(sound), *resampler.resample(None), None]:
            container.mux(stream.encode(frame))


def say(text: Path) -> Speech:
    """Speak a text file as a person would who thinks between paragraphs."""
    return speak(sentences(text.read_text(encoding="utf-8")))


if __name__ == "__main__":
    recording = TEXT.with_suffix(".opus")
    speech = say(TEXT)
    write_opus(recording, speech.samples, speech.sample_rate)
    seconds = len(speech.samples) / speech.sample_rate
    print(f"{recording.name}: {seconds:.1f} s, {len(speech.text.split())} words, {recording.stat().st_size} bytes")
