"""OpenAI's client gets what was said in a real recording, heard by a real model."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diarist.settings import EngineSettings, Settings
from openai_client import openai_client
from served import worked_for

SPEECH = Path(os.environ.get("DIARIST_SPEECH_DIR", ""))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("DIARIST_SPEECH_DIR" not in os.environ, reason="DIARIST_SPEECH_DIR names no recordings"),
]


def test_the_president_is_understood_word_by_word(tmp_path: Path) -> None:
    engine = EngineSettings(name="faster-whisper", model="tiny.en")
    settings = Settings(data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", engine=engine)
    with worked_for(settings) as client, openai_client(client) as ai:
        found = ai.audio.transcriptions.create(
            file=SPEECH / "jfk.flac", model="tiny.en", response_format="verbose_json", timestamp_granularities=["word", "segment"]
        )
    assert "ask not what your country can do for you" in found.text.lower()
    assert (found.language, round(found.duration)) == ("english", 11)
    assert found.words
    country = next(word for word in found.words if "country" in word.word)
    assert 3.0 < country.start < country.end < 7.5
