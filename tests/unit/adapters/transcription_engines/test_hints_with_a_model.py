"""What hints do to a real model: names are heard that were not, nothing else changes, and nothing is said over noise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.adapters.transcription_engines.faster_whisper import open_engine
from diarist.adapters.transcription_engines.whisper_reading import Whisper
from diarist.domain.audio import Span
from diarist.errors import ModelUnavailable
from diarist.ports.transcription_engine import UNCONFIRMED, EngineOptions, Guidance
from made_audio import noise
from spoken import speak

NAMED = {"Kowalczyk": "I called Kowalczyk about the broken window.", "Siobhan": "Siobhan is coming for dinner on Friday."}
PLAIN = "We painted the kitchen on Monday."
TOLD = Guidance(language="en", vocabulary=("Brzezinski", "Okonkwo", *NAMED, "Xanthippe", "Wroclaw", "Ngozi", "Eyjafjord"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Whisper:
    return open_engine(EngineOptions(model="tiny.en", cache_dir=str(tmp_path_factory.mktemp("cache"))))


def heard(engine: Whisper, samples: NDArray[np.float32], guidance: Guidance) -> str:
    return " ".join(one.text for one in engine.transcribe(samples, [Span(0.0, len(samples) / 16_000)], guidance).segments)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_a_name_that_is_told_is_heard(engine: Whisper, name: str) -> None:
    speech = speak(NAMED[name]).samples
    assert name not in heard(engine, speech, Guidance(language="en"))
    assert name in heard(engine, speech, TOLD)


@pytest.mark.slow
def test_other_speech_is_heard_as_without_hints(engine: Whisper) -> None:
    assert heard(engine, speak(PLAIN).samples, TOLD).casefold().rstrip(".") == PLAIN.casefold().rstrip(".")


@pytest.mark.slow
def test_hints_are_never_heard_over_silence_or_noise(engine: Whisper) -> None:
    """All of it is said to be voice: the engine keeps hints out here, and the firewall what it doubts."""
    for sound in (np.zeros(160_000, np.float32), noise(10, colour=0), noise(10, colour=1, seed=2), noise(3, colour=0, seed=9)):
        found = engine.transcribe(sound, [Span(0.0, len(sound) / 16_000)], TOLD).segments
        assert not [segment.text for segment in found if UNCONFIRMED not in segment.suspicions]


@pytest.mark.slow
def test_a_model_of_one_language_refuses_others_and_takes_a_list_that_holds_its_own(engine: Whisper) -> None:
    speech = speak(PLAIN).samples
    assert "kitchen" in heard(engine, speech, Guidance(languages=("de", "en")))
    for guidance in (Guidance(language="de"), Guidance(languages=("de", "fr"))):
        with pytest.raises(ModelUnavailable, match="'de'"):
            heard(engine, speech, guidance)
