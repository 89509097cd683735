from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.flac import from_pcm, to_pcm
from diarist.audio.levelling import TARGET, levelled
from diarist.audio.loudness import Loudness
from diarist.domain.audio import Span
from spoken import speak

SPEECH = speak("We painted the kitchen on Monday.").samples
WHOLE = (Span(0.0, len(SPEECH) / 16_000),)


def at(lufs: float) -> NDArray[np.int16]:
    return to_pcm(SPEECH * np.float32(10 ** ((lufs - loudness(to_pcm(SPEECH))) / 20)))


def loudness(pcm: NDArray[np.int16]) -> float:
    meter = Loudness()
    meter.add(from_pcm(pcm))
    assert meter.lufs is not None
    return meter.lufs


def test_a_quiet_voice_becomes_as_loud_as_the_target() -> None:
    assert loudness(levelled(at(-45.0), WHOLE)) == pytest.approx(TARGET, abs=0.3)


@pytest.mark.parametrize("lufs", [-12.0, -23.0, -32.0])
def test_what_is_loud_enough_stays_as_it_is(lufs: float) -> None:
    pcm = at(lufs)
    assert levelled(pcm, WHOLE) is pcm


def test_nothing_clips_however_loud_something_else_is() -> None:
    quiet = at(-50.0)
    slammed = np.concatenate([quiet, np.full(160, 16_000, np.int16)])
    raised = levelled(slammed, WHOLE)
    assert np.abs(raised.astype(int)).max() == pytest.approx(0.98 * 32_768, abs=2)
    assert loudness(raised[: len(quiet)]) < TARGET


def test_noise_without_a_voice_is_not_made_louder() -> None:
    pcm = at(-50.0)
    assert levelled(pcm, ()) is pcm
    silence = np.zeros(16_000, np.int16)
    assert levelled(silence, (Span(0.0, 1.0),)) is silence


def test_there_is_a_limit_to_it() -> None:
    assert loudness(levelled(at(-66.0), WHOLE)) == pytest.approx(-26.0, abs=0.5)
