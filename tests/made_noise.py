"""Sounds in which nobody speaks, like those that recorders take in: an instrument, a street."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from made_audio import noise

RATE = 16_000
"""Hz."""
_SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
"""Semitones of a major scale."""


def like_music(seconds: float, *, seed: int = 1) -> NDArray[np.float32]:
    """A tune of plucked chords, each with six overtones."""
    chance = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE))
    at = 0
    while at < len(sound):
        length = float(chance.choice([0.25, 0.5, 0.5, 1.0]))
        times = np.arange(min(round(1.3 * length * RATE), len(sound) - at)) / RATE
        root = 220 * 2 ** (chance.choice(_SCALE) / 12)
        tones = [root * interval * overtone for interval in chance.choice([1, 1.26, 1.5, 2], 2) for overtone in range(1, 7)]
        loudness = [1 / overtone**1.2 for _ in range(2) for overtone in range(1, 7)]
        chord = sum(loud * np.sin(2 * np.pi * hz * times) for hz, loud in zip(tones, loudness, strict=True))
        sound[at : at + len(times)] += chord * np.minimum(times / 0.02, 1) * np.exp(-2.5 * times)
        at += round(length * RATE)
    tune: NDArray[np.float32] = (sound / np.abs(sound).max() * 0.4).astype(np.float32)
    return tune


def like_a_street(seconds: float, *, seed: int = 2) -> NDArray[np.float32]:
    """A rumble that swells, cars that pass, horns and steps."""
    chance = np.random.default_rng(seed)
    times = np.arange(round(seconds * RATE)) / RATE
    sound = noise(seconds, colour=2, dbfs=-28, seed=seed) * (1 + 0.5 * np.sin(2 * np.pi * times / 11))
    for car in range(round(seconds / 6)):
        passing = np.exp(-(((times - chance.uniform(0, seconds)) / chance.uniform(1, 3)) ** 2))
        sound += noise(seconds, colour=1, dbfs=-30, seed=seed + car) * passing
    for _ in range(round(seconds / 15)):
        horn = times[: round(chance.uniform(0.2, 0.8) * RATE)]
        at = round(chance.uniform(0, seconds - 1) * RATE)
        sound[at : at + len(horn)] += 0.07 * sum(np.sign(np.sin(2 * np.pi * hz * horn)) for hz in (370.0, 460.0))
    for _ in range(round(seconds / 3)):
        step = times[: round(0.05 * RATE)]
        at = round(chance.uniform(0, seconds - 1) * RATE)
        sound[at : at + len(step)] += 0.2 * chance.standard_normal(len(step)) * np.exp(-80 * step)
    return sound.clip(-1, 1).astype(np.float32)
