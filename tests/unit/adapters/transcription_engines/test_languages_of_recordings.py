"""Languages of real recordings, told by a real model."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.adapters.transcription_engines.faster_whisper import open_engine
from diarist.adapters.transcription_engines.whisper_reading import Whisper
from diarist.audio.flac import flac_samples
from diarist.audio.plan import plan
from diarist.domain.audio import PlannedChunk
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment
from diarist.errors import EngineCannot
from diarist.ports.transcription_engine import EngineOptions, Guidance, Hearing
from spoken import speak

SPEECH = Path(os.environ.get("DIARIST_SPEECH_DIR", ""))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("DIARIST_SPEECH_DIR" not in os.environ, reason="DIARIST_SPEECH_DIR names no recordings"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Whisper:
    return open_engine(EngineOptions(model="base", cache_dir=str(tmp_path_factory.mktemp("cache"))))


def chunk_of(name: str) -> tuple[PlannedChunk, NDArray[np.float32]]:
    [(chunk, flac)] = [item for item in plan(SPEECH / name, target=300.0) if isinstance(item, tuple)]
    return chunk, flac_samples(flac)


def heard(engine: Whisper, name: str, guidance: Guidance) -> tuple[Hearing, list[Segment]]:
    chunk, samples = chunk_of(name)
    hearing = engine.transcribe(samples, chunk.speech, guidance)
    return hearing, list(hearing.segments)


@pytest.mark.parametrize(("name", "language"), [("french.wav", "fr"), ("spanish.wav", "es"), ("german_8khz.wav", "de")])
def test_one_language_is_told_and_none_besides(base: Whisper, name: str, language: str) -> None:
    hearing, segments = heard(base, name, Guidance())
    assert hearing.language == language
    assert hearing.language_probability is not None
    assert hearing.language_probability > 0.9
    assert {segment.language for segment in segments} == {None}


def test_a_recording_that_changes_its_language_is_heard_in_both(base: Whisper) -> None:
    hearing, segments = heard(base, "multilingual.mp3", Guidance(languages=("de", "en", "fr")))
    spoken = [(segment.language or hearing.language, segment) for segment in segments]
    # English until 29 s, German from 31 s on.
    assert {language for language, segment in spoken if segment.end < 30} == {"en"}
    assert {language for language, segment in spoken if segment.start > 30} == {"de"}
    assert "software" in " ".join(segment.text for language, segment in spoken if language == "en").lower()
    assert "verwenden" in " ".join(segment.text for language, segment in spoken if language == "de").lower()


def test_only_languages_that_may_be_spoken_are_told(base: Whisper) -> None:
    hearing, _ = heard(base, "spanish.wav", Guidance(languages=("en", "pt")))
    assert hearing.language in {"en", "pt"}


def test_noise_has_no_language(base: Whisper) -> None:
    hearing, segments = heard(base, "noise_only.wav", Guidance())
    assert (hearing.language, segments) == (None, [])


def test_half_a_minute_of_noise_before_the_voice_decides_nothing(base: Whisper, tmp_path: Path) -> None:
    """Whisper's own way is to listen to the first 30 seconds, whatever they hold."""
    chunk, german = chunk_of("german_8khz.wav")
    noise = 0.02 * np.random.default_rng(1).standard_normal(35 * 16_000).astype(np.float32)
    joined = np.concatenate([noise, german])
    speech = [type(span)(span.start + 35.0, span.end + 35.0) for span in chunk.speech]
    assert base.transcribe(joined, speech, Guidance()).language == "de"
    assert base.transcribe(speak("We painted the kitchen on Monday.").samples, [type(speech[0])(0.0, 3.0)]).language == "en"


def test_what_is_said_in_french_is_translated_into_english(base: Whisper) -> None:
    hearing, segments = heard(base, "french.wav", Guidance(task=SpeechTask.TRANSLATE))
    said = " ".join(segment.text for segment in segments).lower().split()
    assert hearing.language == "fr"
    assert len({"the", "of", "and", "to", "in", "is"} & set(said)) >= 3
    assert not {"le", "la", "les", "et", "est"} & set(said)
    assert all(segment.words for segment in segments)


def test_a_model_of_english_alone_does_not_translate(tmp_path: Path) -> None:
    english = open_engine(EngineOptions(model="tiny.en", cache_dir=str(tmp_path)))
    with pytest.raises(EngineCannot, match=r"tiny\.en"):
        heard(english, "french.wav", Guidance(task=SpeechTask.TRANSLATE))
