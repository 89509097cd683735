"""Offsets and overload: what is measured of them, what is done about them, and what the owner is told."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.decode import Damage
from diarist.audio.notices import notices
from diarist.audio.offset import Centring
from diarist.audio.overload import Overload
from diarist.audio.plan import plan
from diarist.domain.audio import PlanSummary, Span
from spoken import speak

Sound = NDArray[np.float32]


def planned(path: Path, channels: tuple[Sound, ...], rate: int = 16_000) -> PlanSummary:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(np.rint(np.stack(channels, 1) * 32_768), -32_768, 32_767).astype("<i2").tobytes())
    return next(item for item in plan(path, target=300.0) if isinstance(item, PlanSummary))


SPEECH = np.tile(speak("We painted the kitchen on Monday.").samples, 3)


def test_an_offset_is_taken_out_and_told(tmp_path: Path) -> None:
    clean, shifted = planned(tmp_path / "a.wav", (SPEECH * 0.5,)), planned(tmp_path / "b.wav", (SPEECH * 0.5 + 0.2,))
    assert [notice.code for notice in shifted.warnings] == ["offset_audio"]
    assert "+20.0%" in shifted.warnings[0].message
    assert shifted.speech_seconds == pytest.approx(clean.speech_seconds, abs=0.1)
    assert shifted.loudness_dbfs == pytest.approx(clean.loudness_dbfs or 0.0, abs=0.5)
    assert clean.warnings == ()


def test_centring_makes_no_steps_and_leaves_sound_without_offset_alone() -> None:
    centred = Centring()
    block = SPEECH[:16_000] - SPEECH[:16_000].mean()
    assert centred(block) is block
    drifting = [np.full(16_000, level, np.float32) for level in (0.0, 0.1, 0.1, 0.1, 0.0, 0.0)]
    moved = np.concatenate([centred(one) for one in drifting])
    steps = np.abs(np.diff(moved))
    assert np.sort(steps)[-3:].max() <= 0.1 + 1e-3  # the two of the recorder's own
    assert np.sort(steps)[:-3].max() < 1e-3
    silence = np.zeros(100, np.float32)
    assert centred(silence) is silence


def test_clipping_is_told_with_its_times(tmp_path: Path) -> None:
    loud = np.concatenate([SPEECH * 0.3, np.clip(SPEECH * 6, -1, 1), SPEECH * 0.3])
    for rate in (16_000, 44_100):
        found = planned(tmp_path / "clipped.wav", (loud,), rate)
        assert [notice.code for notice in found.warnings] == ["clipped_audio"]
    assert "first at 0:0" in found.warnings[0].message
    # In one of two channels, where the mix does not show it.
    other = planned(tmp_path / "one.wav", (loud, np.zeros_like(loud)))
    assert [notice.code for notice in other.warnings] == ["clipped_audio"]
    assert planned(tmp_path / "full.wav", (SPEECH / np.abs(SPEECH).max() * 0.9999,)).warnings == ()


def test_overload_is_counted_by_second_however_the_sound_is_divided() -> None:
    sound = np.zeros(16_000 * 6, np.float32)
    sound[20_000:20_100] = 1.0  # within second 1
    sound[31_980:32_040] = -1.0  # too little of second 1, enough of second 2 to count
    sound[64_000:64_010] = 1.0  # too short
    packed = np.stack([np.zeros_like(sound), sound], 1).reshape(-1)
    for size in (1, 7, 1000, 16_000, 50_000):
        overload = Overload()
        if size == 1:
            overload.add(packed, 2)
        else:
            for start in range(0, len(sound), size):
                overload.add(packed[2 * start : 2 * (start + size)], 2)
        assert (overload.seconds, overload.first) == (2, [Span(1.0, 3.0)]), size


def test_a_slammed_door_is_no_notice() -> None:
    damage = Damage()
    damage.overload.seconds = 2
    assert notices(600.0, 600.0, damage) == ()
