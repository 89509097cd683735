from __future__ import annotations

from itertools import pairwise

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.loudness import Loudness
from spoken import speak

Sound = NDArray[np.float32]


def lufs(samples: Sound, cuts: tuple[int, ...] = ()) -> float | None:
    loudness = Loudness()
    for start, end in pairwise((0, *cuts, len(samples))):
        loudness.add(samples[start:end])
    return loudness.lufs


def tone(hertz: float, seconds: float = 10.0, dbfs: float = 0.0) -> Sound:
    times = np.arange(round(seconds * 16_000)) / 16_000
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def by_ffmpeg(samples: Sound) -> float:
    """Integrated loudness by FFmpeg's own meter."""
    graph = av.filter.Graph()
    source = graph.add("abuffer", "sample_rate=16000:sample_fmt=flt:channel_layout=mono:time_base=1/16000")
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    found = ""
    for start in range(0, len(samples), 16_000):
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, start : start + 16_000], format="flt", layout="mono")
        frame.sample_rate = 16_000
        graph.push(frame)
        while True:
            try:
                found = graph.pull().metadata.get("lavfi.r128.I", found)
            except BlockingIOError:
                break
    return float(found)


def test_a_tone_of_a_kilohertz_has_the_loudness_that_the_standard_says() -> None:
    assert lufs(tone(997)) == pytest.approx(-3.01, abs=0.05)
    assert lufs(tone(997, dbfs=-20)) == pytest.approx(-23.01, abs=0.05)


@pytest.mark.parametrize("sound", [tone(100), tone(3000), tone(6000)], ids=["100 Hz", "3 kHz", "6 kHz"])
def test_tones_are_weighted_as_ffmpeg_does(sound: Sound) -> None:
    assert lufs(sound) == pytest.approx(by_ffmpeg(sound), abs=0.2)


def test_speech_with_long_pauses_is_as_loud_as_ffmpeg_says() -> None:
    speech = np.concatenate([speak("We painted the kitchen on Monday.").samples, np.zeros(160_000, np.float32)] * 3)
    assert lufs(speech) == pytest.approx(by_ffmpeg(speech), abs=0.2)
    # The gates leave pauses out.
    assert lufs(speech) == pytest.approx(by_ffmpeg(speech[: len(speech) // 3]), abs=1.0)


def test_however_the_sound_is_divided_the_answer_is_the_same() -> None:
    sound = speak("We painted the kitchen on Monday.").samples
    assert lufs(sound, (1, 2, 799, 1601, 20_000)) == pytest.approx(lufs(sound), abs=1e-5)


def test_what_cannot_be_heard_has_no_loudness() -> None:
    assert lufs(np.zeros(32_000, np.float32)) is None
    assert lufs(tone(997, dbfs=-75)) is None
    assert lufs(np.zeros(100, np.float32)) is None
