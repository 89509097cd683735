"""The sample memo is what its text says, small enough to commit, and can be made again."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

import make_sample
from spoken import speak

OPUS = make_sample.TEXT.with_suffix(".opus")


def seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def test_sample_is_a_short_memo_in_a_small_file() -> None:
    assert 45 <= seconds(OPUS) <= 90
    assert OPUS.stat().st_size < 400_000


def test_sample_text_has_a_sentence_a_line_and_thoughts_between_empty_lines() -> None:
    text = make_sample.TEXT.read_text(encoding="utf-8")
    spoken = make_sample.sentences(text)
    assert " ".join(line for line, _ in spoken).split() == text.split()
    assert 120 <= len(text.split()) <= 200
    assert [pause for _, pause in spoken].count(make_sample.THOUGHT_PAUSE) == text.count("\n\n") + 1


@pytest.mark.slow
def test_sample_can_be_made_again_from_its_text(tmp_path: Path) -> None:
    speech = make_sample.say(make_sample.TEXT)
    again = tmp_path / "again.opus"
    make_sample.write_opus(again, speech.samples, speech.sample_rate)
    assert seconds(again) == pytest.approx(seconds(OPUS), abs=1.0)  # other processors round otherwise


def test_spoken_phrases_are_heard_where_they_are_said_to_be() -> None:
    speech = speak(["Good morning.", "Good night."], [1.5, 0.5])
    assert speech.text == "Good morning. Good night."
    assert speech.samples.dtype == np.float32
    morning, night = speech.phrases
    assert 1.5 <= night.start - morning.end < 2.5
    loudness = np.sqrt(np.convolve(speech.samples**2, np.ones(1600) / 1600, "same"))
    within = [loudness[int(p.start * 16_000) : int(p.end * 16_000)].mean() for p in speech.phrases]
    between = loudness[int((morning.end + 0.3) * 16_000) : int((night.start - 0.3) * 16_000)].max()
    assert min(within) > 0.02
    assert between < 0.002


def test_speech_is_the_same_each_time_and_spoken_once() -> None:
    assert speak("Good morning.") is speak("Good morning.")
    assert not np.array_equal(speak("Good morning.").samples, speak("Good morning.", seed=8).samples)
