"""What every sound filter promises: less noise, and every sample at its time."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.domain.audio import SAMPLE_RATE
from diarist.plugins import available, load
from diarist.ports.sound_filter import SoundFilter
from made_audio import noise

GROUP = "diarist.sound_filters"
REACH = round(0.1 * SAMPLE_RATE)
"""Samples by which a shift would be found."""


@pytest.fixture(params=[point.name for point in available(GROUP)])
def sound_filter(request: pytest.FixtureRequest) -> Iterator[SoundFilter]:
    opened: SoundFilter = load(GROUP, request.param)()
    assert opened.name == request.param
    yield opened
    opened.close()


def clicks_and_tones(seconds: float) -> NDArray[np.float32]:
    """Something like syllables, after a second of nothing: tones that begin sharply and fade."""
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    chance = np.random.default_rng(5)
    sound = np.zeros(len(times))
    for start in np.arange(1.0, seconds - 0.5, 0.31):
        within = np.maximum(times - start, 0)
        sound += (times >= start) * 0.3 * np.exp(-12 * within) * np.sin(2 * np.pi * chance.uniform(200, 2000) * within)
    voice: NDArray[np.float32] = sound.astype(np.float32)
    return voice


def shift(sound: NDArray[np.float32], before: NDArray[np.float32]) -> int:
    """Samples by which a sound comes later than it was."""
    inner = before[REACH:-REACH]
    scores = [float(inner @ sound[REACH + by : len(sound) - REACH + by]) for by in range(-REACH, REACH)]
    return int(np.argmax(scores)) - REACH


@pytest.mark.parametrize("samples", [0, 1, 199, 400, 401, 16_000, 160_001])
def test_as_many_samples_come_out_as_went_in(sound_filter: SoundFilter, samples: int) -> None:
    clean = sound_filter.clean(noise(11.0, dbfs=-30)[:samples])
    assert clean.shape == (samples,)
    assert np.isfinite(clean).all()


@pytest.mark.parametrize("seconds", [4.0, 25.0])
def test_no_sample_moves(sound_filter: SoundFilter, seconds: float) -> None:
    voice = clicks_and_tones(seconds)
    clean = sound_filter.clean(voice + noise(seconds, dbfs=-40))
    assert shift(clean, voice) == 0
    half = len(voice) // 2
    assert shift(clean[:half], voice[:half]) == shift(clean[half:], voice[half:]) == 0


def test_there_is_less_noise_and_the_sound_is_kept(sound_filter: SoundFilter) -> None:
    voice, hiss = clicks_and_tones(20.0), noise(20.0, dbfs=-35)
    clean = sound_filter.clean(voice + hiss)
    last = 10 * SAMPLE_RATE
    gain = float(clean[last:] @ voice[last:]) / float(voice[last:] @ voice[last:])
    assert 0.7 < gain < 1.1
    assert np.square(clean[last:] - voice[last:]).sum() < 0.85 * np.square(hiss[last:]).sum()


def test_nothing_is_remembered_from_one_chunk_to_the_next(sound_filter: SoundFilter) -> None:
    chunk = clicks_and_tones(3.0) + noise(3.0, dbfs=-30)
    first = sound_filter.clean(chunk)
    sound_filter.clean(noise(5.0, dbfs=-10))
    assert np.array_equal(sound_filter.clean(chunk), first)


def test_what_it_is_given_stays_as_it_was(sound_filter: SoundFilter) -> None:
    chunk = noise(2.0, dbfs=-20)
    before = chunk.copy()
    sound_filter.clean(chunk)
    assert np.array_equal(chunk, before)
