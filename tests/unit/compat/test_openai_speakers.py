"""Speakers as OpenAI's clients read them: told apart by channels, or not at all."""

from __future__ import annotations

import json

import pytest

from diarist.compat.openai.answers import answer
from diarist.compat.openai.form import read_form
from diarist.domain.manner import SpeechTask
from diarist.http.errors import UnsupportedValue
from diarist.settings import Settings
from made_transcripts import segment, transcript

ASKED = {"model": "whisper-1", "response_format": "diarized_json"}
WANTED = read_form(ASKED, SpeechTask.TRANSCRIBE, Settings())


def test_each_channel_is_a_speaker() -> None:
    heard = transcript(segment(1.0, 4.0, "Good morning.", channel=1), segment(2.0, 5.0, "Hello!", channel=0))
    told = json.loads(bytes(answer(heard, WANTED).body))
    assert [(one["speaker"], one["text"], one["start"]) for one in told["segments"]] == [
        ("B", "Good morning.", 1.0), ("A", "Hello!", 2.0),
    ]  # fmt: skip
    assert {one["type"] for one in told["segments"]} == {"transcript.text.segment"}
    assert (told["task"], told["duration"]) == ("transcribe", 6.0)


def test_silence_has_no_speakers() -> None:
    assert json.loads(bytes(answer(transcript(), WANTED).body))["segments"] == []


def test_nobody_is_made_up_where_voices_are_mixed() -> None:
    with pytest.raises(UnsupportedValue, match="no channel of this recording holds a voice of its own"):
        answer(transcript(segment(1.0, 4.0, "Good morning.")), WANTED)


def test_of_a_translation_nobody_is_told_apart() -> None:
    with pytest.raises(UnsupportedValue, match="diarized_json"):
        read_form(ASKED, SpeechTask.TRANSLATE, Settings())
