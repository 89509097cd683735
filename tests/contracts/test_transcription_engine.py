"""What every transcription engine promises: the shipped fake, Whisper, tiny models in ONNX, and a server alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment
from diarist.errors import EngineCannot, EngineFailed, ModelUnavailable
from diarist.plugins import load
from diarist.ports.transcription_engine import EngineOptions, Guidance, TranscriptionEngine
from openai_audio_server import openai_audio_server
from spoken import speak
from tiny_onnx import make_tiny_model

LIGHT = [
    ("scripted", "auto"),
    ("openai-compatible", "whisper-1"),
    ("onnx-asr", "nemo-conformer-ctc"),
    ("onnx-asr", "nemo-conformer-tdt"),
]
WHISPER = [("faster-whisper", "tiny.en"), ("whisper-openvino", "tiny.en")]
LARGER = [("faster-whisper", "base"), ("whisper-openvino", "base")]
ENGINES = [*LIGHT, *(pytest.param(engine, marks=pytest.mark.slow) for engine in (*WHISPER, *LARGER))]
CANNOT_TELL_THE_LANGUAGE = {"onnx-asr"}
PHRASES = ("This morning I walked to the harbour.", "In the afternoon it rained, and I read a book about ships.")


def samples() -> NDArray[np.float32]:
    return speak(PHRASES, 5.0).samples


def spans() -> tuple[Span, ...]:
    """Where it was spoken, padded as voice activity does."""
    return tuple(Span(max(0.0, phrase.start - 0.4), phrase.end + 0.4) for phrase in speak(PHRASES, 5.0).phrases)


@contextmanager
def opened(name: str, model: str, folder: Path) -> Iterator[TranscriptionEngine]:
    """An engine, with the server or the model that it needs."""
    with ExitStack() as stack:
        server = stack.enter_context(openai_audio_server()) if name == "openai-compatible" else ""
        if name == "onnx-asr":
            model = str(make_tiny_model(folder / model, model))
        options = EngineOptions(model=model, cache_dir=str(folder), server_url=server)
        engine: TranscriptionEngine = load("diarist.transcription_engines", name)(options)
        stack.callback(engine.close)
        yield engine


@pytest.fixture(scope="module", params=ENGINES, ids="-".join)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TranscriptionEngine]:
    name, model = request.param
    with opened(name, model, tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def hear(engine: TranscriptionEngine, speech: Sequence[Span] | None = None) -> list[Segment]:
    return list(engine.transcribe(samples(), spans() if speech is None else speech).segments)


def test_it_has_a_name_and_its_model_is_no_path(engine: TranscriptionEngine) -> None:
    assert engine.name in {name for name, _ in (*LIGHT, *WHISPER)}
    assert engine.model
    assert "/" not in engine.model


def test_segments_and_words_come_in_order_within_the_speech(engine: TranscriptionEngine) -> None:
    segments = hear(engine)
    assert segments
    words = [word for segment in segments for word in segment.words]
    assert all(left.end <= right.start for left, right in pairwise(segments))
    assert all(left.end <= right.start for left, right in pairwise(words))
    for segment in segments:
        assert segment.start <= segment.words[0].start <= segment.words[-1].end <= segment.end
        assert any(span.start <= segment.start <= segment.end <= span.end for span in spans())
    assert all(word.start <= word.end for word in words)


def test_text_is_trimmed_and_made_of_its_words(engine: TranscriptionEngine) -> None:
    for segment in hear(engine):
        assert segment.text == segment.text.strip() != ""
        assert all(word.text == word.text.strip() != "" for word in segment.words)
        letters = [character for character in segment.text.casefold() if character.isalnum()]
        assert letters == [character for word in segment.words for character in word.text.casefold() if character.isalnum()]


def test_beliefs_are_probabilities(engine: TranscriptionEngine) -> None:
    for segment in hear(engine):
        assert 0 < segment.probability <= 1
        assert 0 <= segment.no_speech_probability <= 1
        assert segment.compression_ratio >= 0
        assert segment.temperature >= 0
        assert all(0 <= word.probability <= 1 for word in segment.words)


def test_the_same_sound_gives_the_same_segments(engine: TranscriptionEngine) -> None:
    assert hear(engine) == hear(engine)


def test_it_hears_nothing_outside_the_speech(engine: TranscriptionEngine) -> None:
    segments = hear(engine, spans()[1:])
    assert segments
    assert all(spans()[1].start <= segment.start <= segment.end <= spans()[1].end for segment in segments)


@pytest.mark.parametrize("speech", [(), (Span(1.0, 1.0),), (Span(1000.0, 1001.0),)])
def test_without_speech_there_is_nothing(engine: TranscriptionEngine, speech: Sequence[Span]) -> None:
    hearing = engine.transcribe(samples(), speech)
    assert (hearing.language, hearing.language_probability, list(hearing.segments)) == (None, None, [])
    nothing = engine.transcribe(np.zeros(0, np.float32), spans())
    assert list(nothing.segments) == []


def test_speech_that_goes_on_behind_the_end_is_heard_to_the_end(engine: TranscriptionEngine) -> None:
    duration = len(samples()) / SAMPLE_RATE
    assert hear(engine, [spans()[0], Span(spans()[1].start, duration + 60)])[-1].end <= duration


def test_the_language_is_told(engine: TranscriptionEngine) -> None:
    hearing = engine.transcribe(samples(), spans())
    assert hearing.language == (None if engine.name in CANNOT_TELL_THE_LANGUAGE else "en")
    assert hearing.language_probability is None or 0.5 < hearing.language_probability <= 1
    given = engine.transcribe(samples(), spans(), Guidance(language="en"))
    assert (given.language, given.language_probability) == ("en", 1.0)


def test_segments_come_one_by_one(engine: TranscriptionEngine) -> None:
    segments = engine.transcribe(samples(), spans()).segments
    assert not isinstance(segments, Sequence)
    first = next(iter(segments))
    assert first.start < spans()[1].start


@pytest.mark.parametrize(("name", "model"), [*LIGHT, *WHISPER])
def test_what_is_closed_does_not_hear(name: str, model: str, tmp_path: Path) -> None:
    with opened(name, model, tmp_path) as engine:
        engine.close()
        engine.close()
        with pytest.raises(EngineFailed):
            hear(engine)


@pytest.mark.parametrize("name", ["scripted", "faster-whisper", "whisper-openvino", "onnx-asr"])
def test_a_model_that_does_not_exist_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        load("diarist.transcription_engines", name)(EngineOptions(model="nonsense", cache_dir=str(tmp_path)))


def test_a_model_that_a_server_does_not_have_is_refused_when_it_is_asked(tmp_path: Path) -> None:
    with opened("openai-compatible", "nonsense", tmp_path) as engine, pytest.raises(ModelUnavailable, match="does not exist"):
        hear(engine)


@pytest.mark.parametrize("guidance", [Guidance(task=SpeechTask.TRANSLATE), Guidance(temperature=0.4)], ids=["translate", "draw"])
def test_what_it_cannot_do_it_refuses_and_never_does_half(engine: TranscriptionEngine, guidance: Guidance) -> None:
    refused = None
    segments: list[Segment] = []
    try:
        segments = list(engine.transcribe(samples(), spans(), guidance).segments)
    except EngineCannot as error:
        refused = error
    assert bool(refused) != bool(segments)
    assert refused is None or not refused.retryable
    assert all(left.end <= right.start for left, right in pairwise(segments))
