"""Whisper with real models: it hears what was said when it was said, and nothing where nothing was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.adapters.transcription_engines.faster_whisper import open_engine
from diarist.adapters.transcription_engines.whisper_reading import Whisper
from diarist.domain.audio import Span
from diarist.engine.models import resolve
from diarist.errors import ModelUnavailable
from diarist.ports.transcription_engine import EngineOptions, Guidance
from made_audio import noise
from spoken import speak

OpenModel = Callable[[str], Whisper]


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> OpenModel:
    cache_dir = str(tmp_path_factory.mktemp("cache"))
    return cache(lambda model: open_engine(EngineOptions(model=model, cache_dir=cache_dir)))


def bare(text: str) -> list[str]:
    return "".join(character for character in text.casefold() if character.isalnum() or character == " ").split()


@pytest.mark.slow
@pytest.mark.parametrize("model", ["tiny.en", "base"])
def test_each_phrase_is_heard_at_its_time(whisper: OpenModel, model: str) -> None:
    phrases = ("We painted the kitchen on Monday.", "My sister called from the station.", "The train was two hours late.")
    speech = speak(phrases, (3.0, 1.0, 0.5))
    spans = [Span(max(0.0, phrase.start - 0.4), phrase.end + 0.4) for phrase in speech.phrases]
    heard = list(whisper(model).transcribe(speech.samples, spans, Guidance(language="en")).segments)
    assert bare(" ".join(segment.text for segment in heard)) == bare(" ".join(phrases))
    words = [word for segment in heard for word in segment.words]
    for phrase in speech.phrases:
        own = [word for word in words if phrase.start - 0.4 <= (word.start + word.end) / 2 <= phrase.end + 0.4]
        assert bare(" ".join(word.text for word in own)) == bare(phrase.text)
        assert own[0].start == pytest.approx(phrase.start, abs=0.4)
        assert own[-1].end == pytest.approx(phrase.end, abs=0.4)


def hum(seconds: float) -> NDArray[np.float32]:
    times = np.arange(round(seconds * 16_000)) / 16_000
    tones: NDArray[np.float64] = sum((np.sin(2 * np.pi * 50 * k * times) / k for k in range(1, 9)), np.zeros_like(times))
    return (0.05 * tones).astype(np.float32)


@pytest.mark.slow
def test_careful_hearing_is_another_way_to_the_same_words(whisper: OpenModel) -> None:
    phrases = ("We painted the kitchen on Monday.", "My sister called from the station.")
    speech = speak(phrases, (2.0, 0.5))
    spans = [Span(max(0.0, phrase.start - 0.4), phrase.end + 0.4) for phrase in speech.phrases]
    engine = whisper("tiny.en")
    careful = list(engine.transcribe(speech.samples, spans, Guidance(careful=True)).segments)
    assert bare(" ".join(segment.text for segment in careful)) == bare(" ".join(phrases))
    # One window is read as a whole at first, and so has one probability for all its segments; with care each has its own.
    assert careful != list(engine.transcribe(speech.samples, spans).segments)


NOISES: dict[str, Callable[[float], NDArray[np.float32]]] = {
    "silence": lambda seconds: np.zeros(round(seconds * 16_000), np.float32),
    "white": lambda seconds: noise(seconds, colour=0),
    "pink": lambda seconds: noise(seconds, colour=1, seed=2),
    "brown": lambda seconds: noise(seconds, colour=2, seed=3),
    "faint": lambda seconds: noise(seconds, colour=0, dbfs=-60.0, seed=4),
    "hum": hum,
}


@pytest.mark.slow
@pytest.mark.parametrize(("model", "seconds"), [("tiny.en", 3.0), ("tiny.en", 28.0), ("base", 10.0)])
@pytest.mark.parametrize("kind", NOISES)
def test_no_word_is_invented_over_noise(whisper: OpenModel, model: str, seconds: float, kind: str) -> None:
    samples = NOISES[kind](seconds)
    # With care it takes long: several temperatures, one after the other.
    for guidance in (Guidance(), Guidance(careful=True))[: 2 if seconds < 5 else 1]:
        heard = whisper(model).transcribe(samples, [Span(0.0, seconds)], guidance)
        # What an engine did not hear again itself is withdrawn by whoever asked, unless another hearing confirms it.
        assert [segment.text for segment in heard.segments if "unconfirmed" not in segment.suspicions] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["jv", "nb"])
def test_languages_that_whisper_calls_otherwise_are_heard_and_told_by_their_own_code(whisper: OpenModel, language: str) -> None:
    speech = speak(("We painted the kitchen on Monday.",), (0.5,))
    hearing = whisper("base").transcribe(speech.samples, [Span(0.0, 3.0)], Guidance(language=language))
    assert hearing.language == language
    assert {segment.language for segment in hearing.segments} == {None}


@pytest.mark.slow
def test_a_language_is_refused_when_the_model_does_not_know_it(whisper: OpenModel) -> None:
    samples = np.zeros(16_000, np.float32)
    for model, language in (("tiny.en", "fr"), ("base", "xx")):
        with pytest.raises(ModelUnavailable, match=f"does not know the language '{language}'"):
            whisper(model).transcribe(samples, [Span(0.0, 1.0)], Guidance(language=language))


def test_what_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(resolve("tiny.en", tmp_path).path, model)
    (model / "model.bin").write_bytes(b"no weights")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_engine(EngineOptions(model=str(model), cache_dir=str(tmp_path)))
    assert json.loads((model / "config.json").read_text())


def test_a_compute_type_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded") as caught:
        open_engine(EngineOptions(model="tiny.en", cache_dir=str(tmp_path), compute_type="int3"))
    assert "DIARIST_ENGINE__COMPUTE_TYPE" in caught.value.advice
