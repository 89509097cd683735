"""What sounds behind a voice, made by rule: a room, a street, music. Shape (n,), float32, mono, root mean square 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 16_000


def room(count: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """Pink noise and the hum of the mains."""
    return _level(_coloured(count, 1, chance) + 0.3 * np.sin(2 * np.pi * 50 * _times(count)))


def street(count: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """A rumble, cars that come and go, now and then a horn."""
    times = _times(count)
    sound = _coloured(count, 2, chance)
    hiss = _coloured(count, 1, chance)
    for middle in np.arange(3.0, count / RATE, 9.0) + chance.uniform(-3, 3, len(np.arange(3.0, count / RATE, 9.0))):
        sound += 1.5 * hiss * np.exp(-(((times - middle) / chance.uniform(1.0, 2.5)) ** 2))
    for start in np.arange(20.0, count / RATE, 40.0) + chance.uniform(-10, 10, len(np.arange(20.0, count / RATE, 40.0))):
        honk = (times >= start) & (times < start + 0.5)
        sound[honk] += np.sin(2 * np.pi * 420 * times[honk]) + np.sin(2 * np.pi * 530 * times[honk])
    return _level(sound)


def music(count: int, chance: np.random.Generator) -> NDArray[np.float32]:
    """Plucked chords on a beat, and a drum."""
    beat = round(0.5 * RATE)
    times = np.arange(4 * beat) / RATE
    sound = np.zeros(count + 4 * beat)
    for place in range(0, count, beat):
        root = 55 * 2 ** (int(chance.choice([0, 3, 5, 7, 10])) / 12)
        for step in (12, 16, 19, 24):
            pitch = root * 2 ** (step / 12)
            tone = sum(np.sin(2 * np.pi * pitch * over * times) / over for over in (1, 2, 3, 4))
            sound[place : place + len(times)] += tone * np.exp(-3 * times)
        drum = chance.standard_normal(beat // 4) * np.exp(-np.arange(beat // 4) / 400)
        sound[place : place + len(drum)] += drum
    return _level(sound[:count])


def _coloured(count: int, colour: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """`colour`: 1 pink, 2 brown; power falls with that power of the frequency."""
    spectrum = np.fft.rfft(chance.standard_normal(count))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (colour / 2)
    spectrum[: round(20 * count / RATE)] = 0  # no one records below 20 Hz
    sound = np.fft.irfft(spectrum, count)
    return np.asarray(sound / sound.std())


def _times(count: int) -> NDArray[np.float64]:
    return np.arange(count) / RATE


def _level(sound: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(sound / np.sqrt(np.mean(np.square(sound))), np.float32)
