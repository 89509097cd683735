"""Voices that are hard to hear: quiet ones, and those that come through cloth or a door."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio.flac import to_pcm
from diarist.audio.frames import FRAME, LEAD
from diarist.audio.plan import plan
from diarist.audio.second_ear import SecondEar
from diarist.audio.spans import speech_spans
from diarist.audio.speech import SpeechDetector
from made_audio import noise, write_audio
from speaker import Speech
from spoken import speak

PHRASES = (
    "We painted the kitchen on Monday, and it took the whole day.",
    "My sister called in the evening to ask about the garden.",
    "Then I read for an hour and went to bed early.",
)


@cache
def talk() -> Speech:
    return speak(PHRASES, 3.0)


def at_level(sound: NDArray[np.float32], dbfs: float) -> NDArray[np.float32]:
    """As loud as that where it is not silent."""
    said = sound[np.abs(sound) > 1e-3]
    return np.asarray(sound * np.float32(10 ** (dbfs / 20) / np.sqrt(np.mean(np.square(said)))), np.float32)


def muffled(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """As through a wall: above 150 Hz it falls by 18 dB an octave, and the room of the one who speaks rings for 0.6 s."""
    chance = np.random.default_rng(3)
    ring = chance.standard_normal(16_000) * 10 ** (-5 * np.arange(16_000) / 16_000)
    ring /= np.sqrt(np.sum(np.square(ring)))
    ring[0] += 0.5
    size = len(sound) + len(ring)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(ring, size)
    spectrum /= np.sqrt(1 + (np.fft.rfftfreq(size, 1 / 16_000) / 150) ** 6)
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


def voiced_share(path: Path, sound: NDArray[np.float32], said: Speech) -> float:
    """The part of what was said that is planned as speech."""
    write_audio(path, sound, 16_000, "pcm_s16le")
    voiced = np.zeros(len(sound), bool)
    for item in plan(path, target=300.0):
        if isinstance(item, tuple):
            for span in item[0].speech:
                voiced[round((item[0].start + span.start) * 16_000) : round((item[0].start + span.end) * 16_000)] = True
    spoken = np.concatenate([voiced[round(one.start * 16_000) : round(one.end * 16_000)] for one in said.phrases])
    return float(spoken.mean())


def first_ear(sound: NDArray[np.float32]) -> list[float]:
    detector = SpeechDetector()
    return [float(one) for one in (*detector.hear(sound), *detector.finish())]


@pytest.mark.parametrize("dbfs", [-50.0, -60.0])
def test_a_quiet_voice_is_found(tmp_path: Path, dbfs: float) -> None:
    sound = at_level(talk().samples, dbfs) + noise(len(talk().samples) / 16_000, colour=1, dbfs=dbfs - 20)[: len(talk().samples)]
    assert voiced_share(tmp_path / "a.wav", sound, talk()) > 0.97


@pytest.mark.parametrize("colour", [0, 1, 2], ids=["white", "pink", "brown"])
@pytest.mark.parametrize("dbfs", [-30.0, -50.0, -60.0])
def test_noise_as_quiet_as_that_is_no_voice(tmp_path: Path, colour: int, dbfs: float) -> None:
    path = write_audio(tmp_path / "a.wav", noise(45.0, colour=colour, dbfs=dbfs), 16_000, "pcm_s16le")
    assert not any(item[0].speech for item in plan(path, target=300.0) if isinstance(item, tuple))


def test_a_muffled_voice_is_found(tmp_path: Path) -> None:
    sound = at_level(muffled(talk().samples), -40)
    sound += noise(len(sound) / 16_000, colour=2, dbfs=-45)[: len(sound)]
    alone = speech_spans(first_ear(sound), len(sound) / 16_000)
    assert sum(span.duration for span in alone) < 0.3 * len(sound) / 16_000, "else this test proves nothing"
    assert voiced_share(tmp_path / "a.wav", sound, talk()) > 0.9


def test_no_voice_of_the_first_ear_is_lost_and_silence_is_left_alone() -> None:
    sound = np.concatenate((talk().samples, np.zeros(160_000, np.float32), noise(5.0, dbfs=-66)))
    heard = first_ear(sound)
    again = SecondEar().listen(to_pcm(sound), 0, heard)
    assert len(again) == len(heard)
    assert all(second >= first for first, second in zip(heard, again, strict=True))
    quiet = len(talk().samples) // FRAME + 60
    assert again[quiet:] == heard[quiet:]


def test_the_lead_is_heard_and_not_judged() -> None:
    lead = noise(LEAD * FRAME / 16_000, dbfs=-30)
    sound = np.concatenate((lead, muffled(talk().samples)))
    assert len(SecondEar().listen(to_pcm(sound), len(lead), [0.0] * -(-len(talk().samples) // FRAME))) == -(
        -len(talk().samples) // FRAME
    )
