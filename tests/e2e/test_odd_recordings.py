"""Recordings that are damaged, lie about themselves, or hold no speech: a warning, and never a word that nobody said."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from made_audio import claim_wav_bytes, keep, noise, write_audio
from spoken import speak
from whole_system import WholeSystem, whole_system

pytestmark = pytest.mark.slow

RATE = 16_000
TWENTY_MINUTES = 1200
PHRASES = [
    f"This is sentence number {number}, and nothing else is in it." for number in ("one", "two", "three", "four", "five", "six")
]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSystem]:
    with whole_system(tmp_path_factory.mktemp("odd"), "tiny.en") as running:
        yield running


def sound(kind: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    if kind == "silence":
        return np.zeros(TWENTY_MINUTES * RATE, np.float32)
    if kind == "quiet noise":
        return np.tile(noise(60, colour=1, dbfs=-55), TWENTY_MINUTES // 60)
    colours = {"white noise": 0, "pink noise": 1, "brown noise": 2}
    return np.tile(noise(60, colour=colours[kind]), TWENTY_MINUTES // 60)


@pytest.mark.parametrize("kind", ["silence", "quiet noise", "white noise", "pink noise", "brown noise"])
def test_nothing_is_invented_over_twenty_minutes_without_speech(system: WholeSystem, tmp_path: Path, kind: str) -> None:
    path = write_audio(tmp_path / "nobody.flac", sound(kind), RATE, "flac")
    outcome = system.take(path)
    assert outcome.transcript.text == ""
    assert outcome.entry.sentences == ()
    assert any("Nothing was said" in note for note in outcome.entry.notes)
    assert outcome.recording.duration == pytest.approx(TWENTY_MINUTES, abs=0.1)


@pytest.mark.parametrize(
    ("name", "codec", "options"), [("memo.mp3", "libmp3lame", {}), ("memo.m4a", "aac", {"movflags": "faststart"})]
)
def test_a_recording_that_breaks_off_is_heard_to_its_end_and_says_what_is_missing(
    system: WholeSystem, tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    speech = speak(PHRASES, 1.0)
    whole = write_audio(tmp_path / name, speech.samples, speech.sample_rate, codec, options=options)
    outcome = system.take(keep(whole, 0.6))
    heard = EnglishTextNormalizer()(outcome.transcript.text)
    assert "number 2 " in heard
    assert "number 6 " not in heard
    assert "truncated_audio" in outcome.warnings


def test_a_header_that_claims_ten_hours_is_not_believed(system: WholeSystem, tmp_path: Path) -> None:
    speech = speak(PHRASES[:2], 1.0)
    path = write_audio(tmp_path / "memo.wav", speech.samples, speech.sample_rate, "pcm_s16le")
    outcome = system.take(claim_wav_bytes(path, 36_000 * speech.sample_rate * 2))
    assert outcome.recording.duration == pytest.approx(len(speech.samples) / speech.sample_rate, abs=0.1)
    assert "number 2 " in EnglishTextNormalizer()(outcome.transcript.text)
    assert outcome.warnings


def test_the_same_recording_twice_is_one_recording(system: WholeSystem, tmp_path: Path) -> None:
    speech = speak(PHRASES[:1], 0.5)
    path = write_audio(tmp_path / "memo.wav", speech.samples, speech.sample_rate, "pcm_s16le")
    first = system.take(path)
    again = system.take(path.rename(tmp_path / "another name.wav"))
    assert (first.recording.id, first.job.id) == (again.recording.id, again.job.id)
