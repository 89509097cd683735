from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diarist.adapters.transcription_engines.windows import LONGEST, windows
from diarist.domain.audio import SAMPLE_RATE


@given(st.integers(1, 100_000), st.integers(0, 2**32 - 1))
def test_windows_adjoin_cover_all_and_are_never_too_long(tenths: int, seed: int) -> None:
    samples = np.random.default_rng(seed).normal(0, 0.1, tenths * 16).astype(np.float32)
    found = windows(samples)
    assert (found[0].start, found[-1].end) == (0.0, len(samples) / SAMPLE_RATE)
    assert all(one.end == following.start for one, following in pairwise(found))
    assert all(0 < window.duration <= LONGEST for window in found)


def test_the_cut_is_made_in_the_pause() -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, 50 * SAMPLE_RATE).astype(np.float32)
    samples[22 * SAMPLE_RATE : round(22.6 * SAMPLE_RATE)] *= 0.01
    first, second = windows(samples)
    assert 22.1 < first.end < 22.5
    assert second.end == 50.0


def test_the_last_of_several_pauses_is_taken() -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, 50 * SAMPLE_RATE).astype(np.float32)
    for pause, loudness in ((17.0, 0.01), (26.0, 0.012), (28.0, 0.1)):  # the last is only a softer word
        samples[round(pause * SAMPLE_RATE) : round((pause + 0.6) * SAMPLE_RATE)] *= loudness
    first, _ = windows(samples)
    assert 26.1 < first.end < 26.5


def test_silence_is_cut_as_late_as_can_be() -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, 50 * SAMPLE_RATE).astype(np.float32)
    samples[16 * SAMPLE_RATE : 18 * SAMPLE_RATE] = 0
    samples[25 * SAMPLE_RATE : 26 * SAMPLE_RATE] *= 0.001
    assert 25.0 < windows(samples)[0].end < 26.0
