"""Speech whose every word is known, through the real model: what was said, when, and what the diary makes of it."""

import csv
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest
from whisper_normalizer.english import EnglishTextNormalizer

from diarist.diary.proof import prove
from diarist.domain.coverage import CoverageLabel
from diarist.domain.transcript import Transcript
from made_audio import write_audio
from spoken import speak
from whole_system import WholeSystem, whole_system

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[2] / "samples"
PHRASES = (
    "The ferry left at seven, an hour late.",
    "I had promised my brother to bring the maps, and I forgot them on the kitchen table.",
    "He was not angry, he only laughed.",
    "Tomorrow I have to buy a new tent before the shops close.",
)
PAUSES = (1.0, 3.5, 0.7, 2.0)
CODECS = {
    "pcm_s24le.wav": 44_100,
    "pcm_mulaw.wav": 8_000,
    "libmp3lame.mp3": 44_100,
    "aac.m4a": 48_000,
    "flac.flac": 22_050,
    "vorbis.ogg": 44_100,
    "libopus.webm": 48_000,
    "pcm_s16be.aiff": 44_100,
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSystem]:
    with whole_system(tmp_path_factory.mktemp("tiny"), "tiny.en") as system:
        yield system


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSystem]:
    with whole_system(tmp_path_factory.mktemp("base"), "base") as system:
        yield system


def word_error_rate(reference: str, transcript: Transcript) -> float:
    normalize = EnglishTextNormalizer()
    return float(jiwer.wer(normalize(reference), normalize(transcript.text)))


def test_the_sample_memo_becomes_a_true_entry(base: WholeSystem) -> None:
    outcome = base.take(SAMPLES / "tuesday_evening.opus")
    assert word_error_rate((SAMPLES / "tuesday_evening.txt").read_text(), outcome.transcript) <= 0.06
    assert (outcome.transcript.language, outcome.transcript.model, outcome.warnings) == ("en", "base", [])
    coverage = outcome.transcript.coverage
    assert coverage is not None
    assert coverage.voiced == pytest.approx(outcome.recording.speech_seconds, rel=0.05)
    assert coverage.totals[CoverageLabel.TRANSCRIBED] >= 0.95 * coverage.voiced
    assert (outcome.transcript.trust or 0) >= 85
    entry = outcome.entry
    assert entry.composed_by == "extractive"
    assert 3 <= len(entry.sentences) <= 8
    assert prove(entry, outcome.transcript) == []
    assert {"Sarah", "Peter"} <= {person.name for person in entry.people}
    due = {item.due for item in entry.action_items}
    assert any(words and "Thursday" in words for words in due)


def test_words_are_timed_where_they_were_said(tiny: WholeSystem, tmp_path: Path) -> None:
    speech = speak(PHRASES, PAUSES)
    path = write_audio(tmp_path / "phrases.wav", speech.samples, speech.sample_rate, "pcm_s16le")
    transcript = (tiny.take(path)).transcript
    assert word_error_rate(speech.text, transcript) <= 0.1
    words = [word for segment in transcript.segments for word in segment.words]
    for before, after in pairwise(words):
        assert before.start <= before.end <= after.start
    for phrase in speech.phrases:
        inside = [word for word in words if phrase.start - 0.3 <= (word.start + word.end) / 2 <= phrase.end + 0.3]
        assert abs(inside[0].start - phrase.start) <= 0.5
        assert abs(inside[-1].end - phrase.end) <= 0.5
        assert abs(len(inside) - len(phrase.text.split())) <= 2


@pytest.mark.parametrize(("kind", "rate"), CODECS.items())
def test_the_words_are_the_same_whatever_they_come_in(tiny: WholeSystem, tmp_path: Path, kind: str, rate: int) -> None:
    speech = speak(PHRASES, PAUSES)
    samples = speech.samples
    times = np.arange(round(len(samples) * rate / speech.sample_rate)) / rate
    resampled = np.interp(times, np.arange(len(samples)) / speech.sample_rate, samples).astype(np.float32)
    # A voice in one channel of two must not get lost in the mix.
    channels = resampled if rate == 8_000 else np.stack([resampled, np.zeros_like(resampled)])
    codec, _, suffix = kind.partition(".")
    path = write_audio(tmp_path / f"memo.{suffix}", channels, rate, codec)
    assert word_error_rate(speech.text, (tiny.take(path)).transcript) <= (0.2 if rate == 8_000 else 0.1)


def test_two_seconds_are_enough_to_say_something(tiny: WholeSystem, tmp_path: Path) -> None:
    speech = speak("Call the doctor.", 0.2)
    outcome = tiny.take(write_audio(tmp_path / "short.wav", speech.samples, speech.sample_rate, "pcm_s16le"))
    assert word_error_rate(speech.text, outcome.transcript) == 0.0


def test_published_speech_is_heard_well(base: WholeSystem) -> None:
    folder = os.environ.get("DIARIST_SPEECH_DIR")
    if not folder:
        pytest.skip("DIARIST_SPEECH_DIR names no folder with real speech and its references")
    with (Path(folder) / "references.tsv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["language"] == "en"]
    normalize = EnglishTextNormalizer()
    transcripts = [base.take(Path(folder) / row["file"]).transcript for row in rows]
    heard = [normalize(transcript.text) for transcript in transcripts]
    assert not [segment.text for transcript in transcripts for segment in transcript.segments if segment.suspicions]
    assert not [withdrawn.text for transcript in transcripts for withdrawn in transcript.withdrawn]
    assert jiwer.wer([normalize(row["reference"]) for row in rows], heard) <= 0.08
