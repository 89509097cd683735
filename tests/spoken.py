"""Speech for tests: spoken once a session, with the words and their times known exactly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import av
import numpy as np

from speaker import Speech
from speaker import speak as speak_at_voice_rate

SAMPLE_RATE = 16_000
"""Hz; what Diarist works at."""


def speak(phrases: str | Sequence[str], pauses: float | Sequence[float] = 0.6, *, seed: int = 7) -> Speech:
    """Say the phrases, each followed by its pause (seconds; one number means all the same).

    Returns 16 kHz mono float32 samples that must not be changed, and when each phrase was said.
    """
    said = (phrases,) if isinstance(phrases, str) else tuple(phrases)
    silences = (float(pauses),) * len(said) if isinstance(pauses, float | int) else tuple(pauses)
    return _speak(tuple(zip(said, silences, strict=True)), seed)


@cache
def _speak(phrases: tuple[tuple[str, float], ...], seed: int) -> Speech:
    speech = speak_at_voice_rate(phrases, seed=seed)
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE)
    frame = av.AudioFrame.from_ndarray(speech.samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate = speech.sample_rate
    resampled = [part.to_ndarray()[0] for part in (*resampler.resample(frame), *resampler.resample(None))]
    samples = np.concatenate(resampled)
    samples.flags.writeable = False
    return Speech(samples, SAMPLE_RATE, speech.phrases)
