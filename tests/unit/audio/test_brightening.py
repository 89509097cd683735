import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.brightening import brightened
from made_audio import beep, noise


def dbfs(samples: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples))))


def test_a_sound_stays_where_it_is() -> None:
    click = np.zeros(16_000, np.float32)
    click[5_000] = 0.1
    assert np.abs(brightened(click, 0)).argmax() == 5_000
    assert len(brightened(click, 0)) == len(click)


@pytest.mark.parametrize("level", [-50.0, -35.0, -15.0])
def test_what_is_quiet_becomes_as_loud_as_a_near_voice(level: float) -> None:
    assert dbfs(brightened(noise(5.0, dbfs=level), 0)) == pytest.approx(-25, abs=1)


def test_what_is_hardly_there_is_not_made_a_storm() -> None:
    assert dbfs(brightened(noise(5.0, dbfs=-80), 0)) < -45


def test_a_loud_lead_makes_nothing_quieter() -> None:
    quiet = noise(5.0, dbfs=-45)
    with_lead = brightened(np.concatenate((noise(2.0, dbfs=-10, seed=2), quiet)), 32_000)
    assert dbfs(with_lead[32_000:]) == pytest.approx(dbfs(brightened(quiet, 0)), abs=0.1)
    assert np.abs(with_lead).max() <= 1


def test_a_rumble_is_taken_away_and_a_voice_is_not() -> None:
    both = beep(5.0, 16_000, hz=60, amplitude=0.3) + beep(5.0, 16_000, hz=1000, amplitude=0.01)
    spectrum = np.abs(np.fft.rfft(brightened(both, 0)))
    assert spectrum[1000 * 5] > spectrum[60 * 5], "it was a thirtieth"
